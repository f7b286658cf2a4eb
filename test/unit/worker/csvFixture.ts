import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CsvClientOptions } from '../../../src/worker/csvClient.ts';
import type { PrepareJob } from '../../../src/protocol/csvWorker.ts';
import { bundle } from '../../support/bundle.ts';

/** The worker as the product has it. */
export async function bundledWorker(): Promise<CsvClientOptions> {
  return { workerUrl: pathToFileURL(await bundle('worker/csvWorker.ts', 'csvWorker.js')), execArgv: [] };
}

/** A folder for one test. */
export async function makeFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'csv-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes a file into the folder and describes a job on it: label first in the file, all else as usual. */
export async function aJob(
  folder: string,
  content: string | Uint8Array,
  changes: Partial<PrepareJob> = {},
): Promise<PrepareJob> {
  const path = join(folder, 'source.csv');
  await writeFile(path, content);
  const { size, mtimeMs } = await stat(path);
  return {
    path,
    expected: { sizeBytes: size, modifiedMs: mtimeMs },
    delimiter: ',',
    hasHeader: true,
    labelColumn: 0,
    droppedColumns: [],
    textAsMissingColumns: [],
    split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', seed: 42 },
    folder: join(folder, 'deep', 'prepared'),
    ...changes,
  };
}

/** All files and folders below a folder, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).map((path) => path.replaceAll('\\', '/')).toSorted();
}

/** A file of numbers, long enough to be worked on for a while. */
export function manyRows(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `${row % 7},${row},${row * 0.5},0.${row}`);
  return `y,a,b,c\n${lines.join('\n')}\n`;
}
