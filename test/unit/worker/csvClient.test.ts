import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CsvClient } from '../../../src/worker/csvClient.ts';
import type { Progress } from '../../../src/worker/inspectCsv.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { aJob, filesIn, bundledWorker, makeFolder, manyRows } from './csvFixture.ts';

describe('CsvClient', () => {
  let folder: { path: string; remove(): Promise<void> };
  let client: CsvClient;
  beforeEach(async () => {
    folder = await makeFolder();
    client = new CsvClient(await bundledWorker());
  });
  afterEach(async () => {
    await client.dispose();
    await folder.remove();
  });

  /** A client whose worker is the given program. */
  async function clientOf(program: string, clock?: FakeClock): Promise<CsvClient> {
    const path = join(folder.path, 'worker.mjs');
    await writeFile(path, `import { parentPort } from 'node:worker_threads';\n${program}`);
    return new CsvClient({ workerUrl: pathToFileURL(path), execArgv: [], ...(clock && { clock }) });
  }

  it('inspects and prepares a file in the worker, and tells the progress', async () => {
    const job = await aJob(folder.path, manyRows(500));
    const seen: Progress[] = [];
    const profile = await client.inspect(
      { path: job.path },
      { onProgress: (progress) => seen.push(progress) },
    );
    assert.ok('columns' in profile);
    assert.equal(profile.rows, 500);
    const { sizeBytes } = job.expected;
    assert.deepEqual(
      seen.map(({ bytes, sizeBytes }) => ({ bytes, sizeBytes })),
      [{ bytes: sizeBytes, sizeBytes }],
    );
    const prepared = await client.prepare(job);
    assert.ok('train' in prepared);
    assert.deepEqual([prepared.train.rows, prepared.validation?.rows, prepared.test?.rows], [350, 75, 75]);
  });

  it('answers with the failure of a file that can’t be used', async () => {
    const job = await aJob(folder.path, '');
    assert.deepEqual(await client.inspect({ path: job.path }), {
      failure: 'empty',
      message: 'the file is empty',
    });
  });

  it('passes on how the first row is to be taken', async () => {
    const job = await aJob(folder.path, manyRows(10));
    const profile = await client.inspect({ path: job.path, hasHeader: false });
    assert.ok('columns' in profile);
    assert.equal(profile.rows, 11);
  });

  it('stops when its signal fires, leaves nothing behind, and works on', async () => {
    const job = await aJob(folder.path, manyRows(300_000));
    const controller = new AbortController();
    const cancelled = client.prepare(job, { onProgress: () => controller.abort() }, controller.signal);
    await assert.rejects(cancelled, { name: 'AbortError' });
    assert.deepEqual(await filesIn(folder.path), ['source.csv']);
    const profile = await client.inspect({ path: job.path });
    assert.ok('columns' in profile);
  });

  it('rejects at once when its signal has fired, also while it waits for another call', async () => {
    const job = await aJob(folder.path, manyRows(1000));
    await assert.rejects(client.inspect({ path: job.path }, {}, AbortSignal.abort()), { name: 'AbortError' });
    const order: string[] = [];
    const controller = new AbortController();
    const first = client.inspect({ path: job.path }).then(() => order.push('first'));
    const second = client
      .inspect({ path: job.path }, {}, controller.signal)
      .catch(() => order.push('cancelled'));
    const third = client.inspect({ path: job.path }).then(() => order.push('third'));
    controller.abort();
    await Promise.all([first, second, third]);
    assert.deepEqual(order, ['cancelled', 'first', 'third']);
  });

  it('rejects when the worker dies, and starts another for the next call', async () => {
    const dying = await clientOf(`parentPort.once('message', ({ call, params }) => {
      if (params.path === 'die') process.exit(3);
      if (params.path === 'throw') throw new Error('The worker has a bug.');
      parentPort.postMessage({ reply: call, result: { failure: 'empty', message: 'alive' } });
    });`);
    try {
      await assert.rejects(dying.inspect({ path: 'die' }), /^Error: The CSV worker ended \(exit code 3\)\.$/);
      await assert.rejects(dying.inspect({ path: 'throw' }), /^Error: The worker has a bug\.$/);
      assert.deepEqual(await dying.inspect({ path: 'live' }), { failure: 'empty', message: 'alive' });
    } finally {
      await dying.dispose();
    }
  });

  it('rejects when the worker can’t be started', async () => {
    const missing = new CsvClient({ workerUrl: pathToFileURL(join(folder.path, 'none.mjs')), execArgv: [] });
    await assert.rejects(missing.inspect({ path: 'any' }), /Cannot find module/);
    await missing.dispose();
  });

  it('ends a worker that does not heed a cancel for two seconds', async () => {
    const clock = new FakeClock();
    const deaf = await clientOf(
      `parentPort.on('message', ({ kind }) => {
        if (kind === 'inspect')
          parentPort.postMessage({ call: 1, kind: 'progress', params: { rows: 0, bytes: 0, sizeBytes: 1 } });
      });`,
      clock,
    );
    const controller = new AbortController();
    let settled = false;
    let rejected = Promise.resolve();
    await new Promise<void>((resolve) => {
      const inspecting = deaf.inspect({ path: 'any' }, { onProgress: () => resolve() }, controller.signal);
      rejected = assert.rejects(inspecting, { name: 'AbortError' }).then(() => void (settled = true));
    });
    controller.abort();
    await clock.advance(1999);
    assert.equal(settled, false);
    await clock.advance(1);
    await rejected;
    await deaf.dispose();
  });

  it('rejects what is under way, and what comes later, when it is disposed of', async () => {
    const silent = await clientOf(`parentPort.on('message', () => undefined);`);
    const call = assert.rejects(silent.inspect({ path: 'any' }), /The CSV worker ended/);
    // The worker starts with the turn of the first call.
    await new Promise((resolve) => setImmediate(resolve));
    await silent.dispose();
    await call;
    await assert.rejects(silent.inspect({ path: 'any' }), /The CSV worker is closed/);
  });
});
