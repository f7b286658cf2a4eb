import assert from 'node:assert/strict';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CsvProfile } from '../../../src/core/csvProfile.ts';
import type { CsvFailure } from '../../../src/protocol/csvWorker.ts';
import { withFailures } from '../../../src/worker/fileTrouble.ts';
import { inspectCsv } from '../../../src/worker/inspectCsv.ts';
import { makeFolder } from './csvFixture.ts';

function inspect(file: string): Promise<CsvProfile | CsvFailure> {
  return withFailures(() => inspectCsv({ path: file }, () => undefined, new AbortController().signal));
}

/** Acts with the rights of a user who is nobody in particular: root may read every file. */
async function asOrdinaryUser<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(65_534);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

describe('reading a source file', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;

  beforeEach(async () => {
    folder = await makeFolder();
    await chmod(folder.path, 0o755);
  });
  afterEach(() => folder.remove());

  it('says that the user may not read it', async () => {
    const file = path.join(folder.path, 'secret.csv');
    await writeFile(file, 'a,b\n1,2\n');
    await chmod(file, 0);
    assert.deepEqual(await asOrdinaryUser(() => inspect(file)), {
      failure: 'unreadable',
      message: 'you may not read the file',
    });
  });

  it('says that it is gone, or never was a file', async () => {
    const file = path.join(folder.path, 'gone.csv');
    await writeFile(file, 'a,b\n1,2\n');
    await rm(file);
    assert.deepEqual(await inspect(file), {
      failure: 'unreadable',
      message: 'the file is not there any more',
    });
    await mkdir(file);
    assert.deepEqual(await inspect(file), { failure: 'unreadable', message: 'it is a folder, not a file' });
  });
});
