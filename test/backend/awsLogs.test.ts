import assert from 'node:assert/strict';
import type { AwsSession } from '../../src/aws/session.ts';
import type { LogWriter } from '../../src/backend/logStore.ts';
import type { Clock } from '../../src/core/clock.ts';
import { LogFollower, type LogLine } from '../../src/core/logFollower.ts';
import { openTestSession } from '../support/awsSession.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../support/faultyProxy.ts';
import { seededRandom } from '../support/random.ts';
import { trainingLogGroup } from '../support/trainingJobs.ts';

const throttle: Fault = { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };

describe('Following a log on the local backend', () => {
  let backend: TestBackend;
  let proxy: FaultyProxy;
  let session: AwsSession;
  const writers = new Map<string, LogWriter>();

  before(async () => {
    backend = await startBackend();
    proxy = await startFaultyProxy(backend);
    session = openTestSession(backend, proxy.url);
  });

  afterEach(() => {
    proxy.fault = () => undefined;
  });

  after(async () => {
    for (const writer of writers.values()) writer.close();
    session.dispose();
    await proxy.dispose();
    await backend.dispose();
  });

  it('takes a job without a log for one that has none yet', async () => {
    assert.deepEqual(await session.logs.listStreams('no-such-job'), []);
    assert.equal(await session.logs.readPage('no-such-job', 'no-such-job/algo-1-1', undefined), undefined);
  });

  it('keeps away from jobs whose names begin alike, and finds more streams than fit on a page', async () => {
    for (let host = 1; host <= 60; host += 1)
      write(`many/algo-${host}-1767225600`, 1_767_225_600_000, ['line']);
    write('many-2/algo-1-1767225600', 1_767_225_600_000, ['line']);
    const streams = await session.logs.listStreams('many');
    assert.equal(new Set(streams).size, 60);
    assert.ok(streams.every((name) => name.startsWith('many/')));
  });

  for (const seed of [1, 2, 3]) {
    it(`loses and doubles nothing of a long log under throttles, faults and cuts (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const jobName = `long-${seed}`;
      const startMs = Date.now() - 3_600_000;
      const expected: string[] = [];
      for (let block = 0; block < 250; block += 1) {
        const host = 1 + (block % 2);
        const lines = Array.from(
          { length: 100 },
          (_, line) => `${block} ${line} ${'x'.repeat(random() * 60)}`,
        );
        write(`${jobName}/algo-${host}-1767225600`, startMs + block, lines);
        expected.push(...lines.map((line) => `algo-${host} ${line}`));
      }
      proxy.fault = ({ target }) => {
        if (!target.startsWith('Logs_') || random() > 0.4) return undefined;
        return random() < 0.4
          ? throttle
          : random() < 0.5
            ? 'cutAfter'
            : { status: 500, type: 'InternalFailure', message: '' };
      };
      const lines: LogLine[] = [];
      const follower = new LogFollower({
        source: {
          listStreams: (signal) => session.logs.listStreams(jobName, signal),
          readPage: (stream, token, signal) => session.logs.readPage(jobName, stream, token, signal),
        },
        clock: hurried,
        lagMs: 0,
        onItem: (item) => {
          if (item.kind === 'lines') lines.push(...item.lines);
        },
      });
      follower.jobEnded();
      await follower.run(new AbortController().signal);
      assert.deepEqual(
        lines.map(({ host, message }) => `${host} ${message}`),
        expected,
      );
    });
  }

  it('ends promptly when it is told to', async () => {
    write('endless/algo-1-1767225600', Date.now(), ['line']);
    const controller = new AbortController();
    const follower = new LogFollower({
      source: {
        listStreams: (signal) => session.logs.listStreams('endless', signal),
        readPage: (stream, token, signal) => session.logs.readPage('endless', stream, token, signal),
      },
      clock: hurried,
      lagMs: 0,
      onItem: () => controller.abort(),
    });
    await assert.rejects(follower.run(controller.signal), { name: 'AbortError' });
  });

  function write(stream: string, timestampMs: number, lines: readonly string[]): void {
    const writer = writers.get(stream) ?? backend.backend.logs.create(trainingLogGroup, stream);
    writers.set(stream, writer);
    writer.append(timestampMs, lines.join('\n'));
  }
});

/** Real time, but pauses are over at once. */
const hurried: Clock = {
  now: () => Date.now(),
  delay: () => new Promise((resolve) => setImmediate(resolve)),
};
