import assert from 'node:assert/strict';
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { FolderLock } from '../../../src/backend/folderLock.ts';
import { type TemporaryFolder, makeTemporaryFolder } from '../../support/temporaryFolder.ts';

/** No process has this number: it is above the highest that any system gives. */
const nobody = 2 ** 30;

describe('FolderLock', () => {
  let folder: TemporaryFolder;
  let lock: FolderLock | undefined;
  beforeEach(async () => (folder = await makeTemporaryFolder()));
  afterEach(async () => {
    lock?.release();
    lock = undefined;
    await folder.dispose();
  });

  const acquire = (onLost = (): void => {}, heartbeatMs?: number): Promise<FolderLock | undefined> =>
    FolderLock.acquire(folder.path, {
      answers: () => Promise.resolve(false),
      isServed: () => Promise.resolve(false),
      onLost,
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    });

  const locks = (): string[] => readdirSync(folder.path);

  /** The lock of a process, as it was left some time ago. */
  function leave(pid: number, host: string, secondsAgo: number): void {
    const file = path.join(folder.path, `lock-${pid}-0`);
    writeFileSync(file, host);
    const time = new Date(Date.now() - secondsAgo * 1000);
    utimesSync(file, time, time);
  }

  it('is held by one at a time, and free once it is released', async () => {
    const first = await acquire();
    assert.ok(first);
    assert.equal(await acquire(), undefined);
    first.release();
    assert.deepEqual(locks(), []);
    lock = await acquire();
    assert.ok(lock);
  });

  it('is taken over at once from a process that has died', async () => {
    leave(nobody, hostname(), 0);
    lock = await acquire();
    assert.equal(locks().length, 1);
    assert.ok(lock);
  });

  it('is taken over from a process number that another program has now', async () => {
    leave(process.pid, hostname(), 60);
    lock = await acquire();
    assert.ok(lock);
  });

  it('is left to a computer that shares the folder, as long as it shows signs of life', async () => {
    // Its process numbers say nothing here.
    leave(nobody, 'another-host', 0);
    assert.equal(await acquire(), undefined);
    leave(nobody, 'another-host', 60);
    lock = await acquire();
    assert.ok(lock);
  });

  it('tells its holder when it was taken away', async () => {
    await new Promise<void>((resolve, reject) => {
      acquire(resolve, 5).then((taken) => {
        lock = taken;
        for (const name of locks()) rmSync(path.join(folder.path, name));
      }, reject);
    });
  });
});
