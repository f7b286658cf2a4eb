import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for one test or suite. */
export interface TemporaryFolder {
  readonly path: string;
  dispose(): Promise<void>;
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'test-'));
  return { path: folder, dispose: () => rm(folder, { recursive: true, force: true }) };
}
