import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../core/cancellation.ts';
import type { PartSizes } from '../core/split.ts';
import { Preparation, type PreparedPart, type SpoolSizes } from '../csv/preparation.ts';
import { MemoryBlocks } from '../csv/rowSpool.ts';
import type { PreparedData, PreparedFile, PrepareJob } from '../protocol/csvWorker.ts';
import type { Progress } from './inspectCsv.ts';
import { FileBlocks, PreparedFolder } from './preparedFolder.ts';
import { readSource } from './sourceFile.ts';

/** Larger files spool their rows to the disk. */
const mostBytesInMemory = 2 ** 24;
const spoolName = 'rows.spool';
const pathOf: Readonly<Record<PreparedPart, readonly [string, ...string[]]>> = {
  train: ['train', 'train.csv'],
  validation: ['validation', 'validation.csv'],
  test: ['test', 'test.csv'],
  testLabels: ['test-labels.csv'],
};

/** How much to keep in memory; only tests and measurements say. */
export interface PrepareLimits {
  readonly mostBytesInMemory?: number;
  readonly sizes?: SpoolSizes;
}

/**
 * Writes the parts of a file. Rejects with `UnusableCsv`, `FileTrouble` or an `AbortError`, and then the folder is as
 * it was.
 */
export async function prepareCsv(
  job: PrepareJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  limits: PrepareLimits = {},
): Promise<PreparedData> {
  const folder = await PreparedFolder.open(job.folder);
  try {
    return await prepareInto(folder, job, onProgress, signal, limits);
  } catch (error) {
    await folder.undo();
    throw error;
  }
}

async function prepareInto(
  folder: PreparedFolder,
  job: PrepareJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  limits: PrepareLimits,
): Promise<PreparedData> {
  const { sizeBytes } = job.expected;
  const isSpooledToDisk = sizeBytes > (limits.mostBytesInMemory ?? mostBytesInMemory);
  if (isSpooledToDisk) await folder.create(spoolName);
  const store = isSpooledToDisk ? new FileBlocks(folder, spoolName) : new MemoryBlocks();
  const preparation = new Preparation({ ...job, sizeBytes }, store, limits.sizes);
  const hash = createHash('sha256');
  let bytes = 0;
  const onChunk = (chunk: Uint8Array): void => {
    hash.update(chunk);
    preparation.push(chunk);
    bytes += chunk.length;
    onProgress({ rows: preparation.rows, bytes, sizeBytes });
  };
  await readSource(job.path, job.expected, onChunk, signal);
  const sizes = preparation.end();
  for (const part of partsOf(sizes)) await folder.create(...pathOf[part]);
  const write = (part: PreparedPart, piece: Uint8Array): void => folder.append(pathOf[part].join('/'), piece);
  for (const rows of preparation.write(sizes, write)) {
    onProgress({ rows, bytes, sizeBytes });
    // Lets a message to cancel in.
    await setImmediate();
    throwIfAborted(signal);
  }
  if (isSpooledToDisk) folder.discard(spoolName);
  return preparedData(folder, sizes, hash.digest('hex'));
}

function partsOf(sizes: PartSizes): PreparedPart[] {
  const parts: PreparedPart[] = ['train'];
  if (sizes.validation > 0) parts.push('validation');
  if (sizes.test > 0) parts.push('test', 'testLabels');
  return parts;
}

function preparedData(folder: PreparedFolder, sizes: PartSizes, sourceSha256: string): PreparedData {
  const close = (part: PreparedPart, rows: number): PreparedFile => ({
    ...folder.close(pathOf[part].join('/')),
    rows,
  });
  return {
    train: close('train', sizes.train),
    ...(sizes.validation > 0 && { validation: close('validation', sizes.validation) }),
    ...(sizes.test > 0 && { test: close('test', sizes.test), testLabels: close('testLabels', sizes.test) }),
    sourceSha256,
  };
}
