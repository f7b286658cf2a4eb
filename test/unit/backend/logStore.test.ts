import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LogPage, LogStore } from '../../../src/backend/logStore.ts';
import { type TemporaryFolder, makeTemporaryFolder } from '../../support/temporaryFolder.ts';

const group = '/aws/sagemaker/TrainingJobs';
const stream = 'job/algo-1-1767225600';
const texts = (page: LogPage): readonly string[] => page.events.map(({ message }) => message);

describe('LogStore', () => {
  let folder: TemporaryFolder;
  let store: LogStore;
  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    store = new LogStore(path.join(folder.path, 'logs'));
  });
  afterEach(() => folder.dispose());

  /** One event a millisecond, from 1000 on. */
  function fill(count: number, prefix = 'line'): void {
    const writer = store.create(group, stream);
    for (let i = 0; i < count; i++) writer.append(1_700_000_000_000 + i, `${prefix} ${i}`);
    writer.close();
  }

  it('has no group before the first stream', () => {
    assert.deepEqual(store.groups(), []);
    assert.equal(store.streams(group), undefined);
    fill(1);
    assert.deepEqual(store.groups(), [group]);
    assert.deepEqual(store.streams(group), [stream]);
  });

  it('reads on from where a page ended, and finds what was written since', () => {
    const writer = store.create(group, stream);
    writer.append(1_700_000_000_000, 'one');
    const first = store.readForward(group, stream, 0, 100);
    assert.deepEqual(texts(first), ['one']);
    const atEnd = store.readForward(group, stream, first.end, 100);
    assert.deepEqual([texts(atEnd), atEnd.end], [[], first.end]);
    writer.append(1_700_000_000_001, 'two');
    assert.deepEqual(texts(store.readForward(group, stream, first.end, 100)), ['two']);
    writer.close();
  });

  it('gives every event once, whatever the size of the pages, in both directions', () => {
    fill(100);
    const all = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    for (const limit of [1, 7, 99, 100, 1000]) {
      const forward: string[] = [];
      for (let page = store.readForward(group, stream, 0, limit); page.events.length > 0;) {
        forward.push(...texts(page));
        page = store.readForward(group, stream, page.end, limit);
      }
      assert.deepEqual(forward, all, `forward by ${limit}`);
      const backward: string[] = [];
      for (let page = store.readBackward(group, stream, undefined, limit); page.events.length > 0;) {
        backward.unshift(...texts(page));
        page = store.readBackward(group, stream, page.start, limit);
      }
      assert.deepEqual(backward, all, `backward by ${limit}`);
    }
  });

  it('ends a page at a megabyte', () => {
    fill(3000, 'x'.repeat(1000));
    const page = store.readForward(group, stream, 0, 10_000);
    assert.ok(page.end - page.start <= 1024 * 1024);
    assert.ok(page.end - page.start > 1024 * 1024 - 1100);
    const last = store.readBackward(group, stream, undefined, 10_000);
    assert.ok(last.end - last.start > 1024 * 1024 - 2200);
    assert.equal(texts(last).at(-1), `${'x'.repeat(1000)} 2999`);
  });

  it('finds times by their place in the file', () => {
    fill(5000);
    const range = { fromMs: 1_700_000_001_234, untilMs: 1_700_000_001_237 };
    assert.deepEqual(texts(store.readForward(group, stream, 0, 100, range)), [
      'line 1234',
      'line 1235',
      'line 1236',
    ]);
    assert.deepEqual(texts(store.readBackward(group, stream, undefined, 2, range)), [
      'line 1235',
      'line 1236',
    ]);
    assert.deepEqual(texts(store.readForward(group, stream, 0, 1, { fromMs: 0 })), ['line 0']);
    assert.deepEqual(texts(store.readForward(group, stream, 0, 1, { fromMs: 1_800_000_000_000 })), []);
  });

  it('stores control characters as the log agent of SageMaker does, and each line as an event', () => {
    const writer = store.create(group, stream);
    writer.append(1_700_000_000_000, '[0]\ttrain-rmse:1.5\nbell \u0007 größe ✓');
    writer.close();
    assert.deepEqual(texts(store.readForward(group, stream, 0, 10)), [
      '[0]#011train-rmse:1.5',
      'bell #007 größe ✓',
    ]);
  });

  it('never goes back in time within a stream', () => {
    const writer = store.create(group, stream);
    writer.append(1_700_000_000_500, 'late');
    writer.append(1_700_000_000_100, 'clock set back');
    writer.close();
    const times = store.readForward(group, stream, 0, 10).events.map(({ timestampMs }) => timestampMs);
    assert.deepEqual(times, [1_700_000_000_500, 1_700_000_000_500]);
  });

  it('is found again by another process, without the line that was cut in half', () => {
    fill(3);
    const [groupFolder = ''] = readdirSync(path.join(folder.path, 'logs'));
    const [file = ''] = readdirSync(path.join(folder.path, 'logs', groupFolder));
    appendFileSync(path.join(folder.path, 'logs', groupFolder, file), '1700000000003 line thr');
    const reopened = new LogStore(path.join(folder.path, 'logs'));
    assert.deepEqual(texts(reopened.readForward(group, stream, 0, 10)), ['line 0', 'line 1', 'line 2']);
    assert.deepEqual(texts(reopened.readBackward(group, stream, undefined, 1)), ['line 2']);
    assert.equal(reopened.describe(group, stream)?.firstMs, 1_700_000_000_000);
    assert.equal(reopened.describe(group, stream)?.lastMs, 1_700_000_000_002);
  });

  it('leaves aside what is no log', () => {
    fill(1);
    const logs = path.join(folder.path, 'logs');
    for (const place of [logs, path.join(logs, encodeURIComponent(group))])
      writeFileSync(path.join(place, '.DS_Store'), 'x');
    writeFileSync(path.join(logs, encodeURIComponent(group), '%'), 'x');
    const reopened = new LogStore(logs);
    assert.deepEqual(reopened.groups(), [group]);
    assert.deepEqual(reopened.streams(group), [stream]);
  });

  it('tells places between events from places inside of them', () => {
    fill(2);
    const { end } = store.readForward(group, stream, 0, 1);
    assert.equal(store.isBoundary(group, stream, end), true);
    assert.equal(store.isBoundary(group, stream, end - 1), false);
    assert.equal(store.isBoundary(group, stream, 1_000_000), false);
  });

  it('forgets streams that are deleted, on disk too', () => {
    fill(1);
    store.deleteAll();
    assert.deepEqual(new LogStore(path.join(folder.path, 'logs')).groups(), []);
  });
});
