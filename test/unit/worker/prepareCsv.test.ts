import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFailures } from '../../../src/worker/fileTrouble.ts';
import { inspectCsv, type Progress } from '../../../src/worker/inspectCsv.ts';
import { type PrepareLimits, prepareCsv } from '../../../src/worker/prepareCsv.ts';
import type { PreparedData, PrepareJob } from '../../../src/protocol/csvWorker.ts';
import { aJob, filesIn, makeFolder, manyRows } from './csvFixture.ts';

const never = new AbortController().signal;
const ignore = (): void => undefined;
/** Every file goes to the disk, in blocks and buckets far smaller than usual. */
const onDisk: PrepareLimits = {
  mostBytesInMemory: 0,
  sizes: { bucketBytes: 5000, blockBytes: 512, mostBuckets: 64 },
};

const prepare = (job: PrepareJob, limits?: PrepareLimits): Promise<PreparedData> =>
  prepareCsv(job, ignore, never, limits);

const outcome = (job: PrepareJob, onProgress: (progress: Progress) => void = ignore, signal = never) =>
  withFailures(() => prepareCsv(job, onProgress, signal, onDisk));

describe('prepareCsv', () => {
  let folder: { path: string; remove(): Promise<void> };
  beforeEach(async () => {
    folder = await makeFolder();
  });
  afterEach(() => folder.remove());

  it('writes the Boston housing data as 354, 76 and 76 rows', async () => {
    const content = await readFile(new URL('../../../media/samples/boston-housing.csv', import.meta.url));
    const job = await aJob(folder.path, content, { labelColumn: 13 });
    const prepared = await prepare(job);
    const text = (part: { readonly path: string } | undefined): Promise<string> =>
      readFile(part?.path ?? '', 'utf8');
    assert.deepEqual(
      [prepared.train.rows, prepared.validation?.rows, prepared.test?.rows, prepared.testLabels?.rows],
      [354, 76, 76, 76],
    );
    assert.deepEqual(await filesIn(job.folder), [
      'test',
      'test-labels.csv',
      'test/test.csv',
      'train',
      'train/train.csv',
      'validation',
      'validation/validation.csv',
    ]);
    const train = (await text(prepared.train)).trimEnd().split('\n');
    assert.equal(train.length, 354);
    const source = content.toString().trimEnd().split('\n').slice(1);
    const labelLast = (line: string): string => line.replace(/^([^,]*),(.*)$/, '$2,$1');
    assert.ok(train.every((line) => source.includes(labelLast(line))));
    const test = (await text(prepared.test)).trimEnd().split('\n');
    const labels = (await text(prepared.testLabels)).trimEnd().split('\n').slice(1);
    labels.forEach((line, index) => {
      const [row, label] = line.split(',');
      assert.equal(`${test[index]},${label}`, source[Number(row) - 1]);
    });
    assert.equal(prepared.train.sizeBytes, Buffer.byteLength(await text(prepared.train)));
    assert.equal(prepared.sourceSha256, createHash('sha256').update(content).digest('hex'));
  });

  it('writes the same through the disk as in memory', async () => {
    const job = await aJob(folder.path, manyRows(3000));
    const inMemory = await prepare({ ...job, folder: join(folder.path, 'memory') });
    const throughDisk = await prepare({ ...job, folder: join(folder.path, 'disk') }, onDisk);
    for (const part of ['train', 'validation', 'test', 'testLabels'] as const)
      assert.deepEqual(
        await readFile(throughDisk[part]?.path ?? ''),
        await readFile(inMemory[part]?.path ?? ''),
        part,
      );
    assert.deepEqual(await filesIn(join(folder.path, 'disk')), await filesIn(join(folder.path, 'memory')));
  });

  it('writes no files for a part without rows', async () => {
    const split = {
      trainPercent: 80,
      validationPercent: 20,
      testPercent: 0,
      order: 'file',
      seed: 0,
    } as const;
    const job = await aJob(folder.path, manyRows(10), { split });
    const prepared = await prepare(job);
    assert.deepEqual(Object.keys(prepared).toSorted(), ['sourceSha256', 'train', 'validation']);
    assert.deepEqual(await filesIn(job.folder), [
      'train',
      'train/train.csv',
      'validation',
      'validation/validation.csv',
    ]);
  });

  const trouble: readonly [string, string, (job: PrepareJob) => void][] = [
    [
      'became longer',
      'changed: the file changed while it was read',
      (job) => appendFileSync(job.path, '1,2\n'),
    ],
    ['was written again', 'changed: the file changed while it was read', (job) => utimesSync(job.path, 1, 1)],
    ['became shorter', 'changed: the file changed while it was read', (job) => truncateSync(job.path, 10)],
    ['disappeared', 'unreadable: the file is not there any more', (job) => rmSync(job.path)],
  ];
  for (const [what, failure, disturb] of trouble)
    for (const when of ['before', 'while'] as const)
      it(`leaves nothing behind when the file ${what} ${when === 'before' ? 'before' : 'while it was read'}`, async () => {
        const job = await aJob(folder.path, manyRows(20_000));
        let isDue = when === 'while';
        if (!isDue) disturb(job);
        const result = await outcome(job, () => {
          if (isDue) disturb(job);
          isDue = false;
        });
        assert.ok('failure' in result);
        assert.equal(`${result.failure}: ${result.message}`, failure);
        assert.ok(!(await filesIn(folder.path)).includes('deep'));
      });

  it('leaves nothing behind when a cell can’t be used', async () => {
    const job = await aJob(folder.path, `${manyRows(5000)}1,2,oops,4\n`);
    assert.deepEqual(await outcome(job), {
      failure: 'textInNumbers',
      message: '"b" has text in line 5002: "oops"',
    });
    assert.deepEqual(await filesIn(folder.path), ['source.csv']);
  });

  for (const phase of ['reading', 'writing'] as const)
    it(`leaves nothing behind when it is cancelled while ${phase}`, async () => {
      const job = await aJob(folder.path, manyRows(60_000));
      const controller = new AbortController();
      const phases: string[] = [];
      const result = await outcome(
        job,
        ({ bytes, sizeBytes, rows }) => {
          phases.push(bytes < sizeBytes ? 'reading' : rows < 60_000 ? 'writing' : 'other');
          if (phases.at(-1) === phase) controller.abort();
        },
        controller.signal,
      );
      assert.deepEqual(result, { failure: 'cancelled', message: 'cancelled' });
      assert.equal(phases.at(-1), phase, 'it went on after the cancel');
      assert.deepEqual(await filesIn(folder.path), ['source.csv']);
    });

  it('touches no file that is there already', async () => {
    const job = await aJob(folder.path, manyRows(100));
    await mkdir(join(job.folder, 'validation'), { recursive: true });
    await writeFile(join(job.folder, 'validation', 'validation.csv'), 'mine');
    assert.deepEqual(await outcome(job), {
      failure: 'unwritable',
      message: 'the folder for the prepared files has such files already',
    });
    assert.deepEqual(await filesIn(job.folder), ['validation', 'validation/validation.csv']);
    assert.equal(await readFile(join(job.folder, 'validation', 'validation.csv'), 'utf8'), 'mine');
  });

  it('says when the folder can’t be made', async () => {
    const job = await aJob(folder.path, manyRows(100));
    const result = await outcome({ ...job, folder: join(job.path, 'below-a-file') });
    assert.ok('failure' in result && result.failure === 'unwritable');
    assert.match(result.message, /^the prepared files can’t be written \(.*ENOTDIR/);
  });
});

describe('inspectCsv', () => {
  it('tells size and time of the file, which preparing it then expects', async () => {
    const folder = await makeFolder();
    try {
      const job = await aJob(folder.path, manyRows(100));
      const profile = await inspectCsv({ path: job.path }, ignore, never);
      const { sizeBytes, modifiedMs } = profile;
      assert.deepEqual({ sizeBytes, modifiedMs }, job.expected);
      assert.equal(profile.rows, 100);
      assert.deepEqual(await outcomeOfInspecting(folder.path), {
        failure: 'unreadable',
        message: 'it is a folder, not a file',
      });
      assert.deepEqual(await outcomeOfInspecting(join(folder.path, 'missing.csv')), {
        failure: 'unreadable',
        message: 'the file is not there any more',
      });
    } finally {
      await folder.remove();
    }
  });
});

const outcomeOfInspecting = (path: string) => withFailures(() => inspectCsv({ path }, ignore, never));
