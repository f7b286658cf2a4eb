import { type FileHandle, open, stat } from 'node:fs/promises';
import { throwIfAborted } from '../core/cancellation.ts';
import type { CsvFailure } from '../protocol/csvWorker.ts';
import { FileTrouble } from './fileTrouble.ts';

const chunkBytes = 2 ** 19;

/** What tells two states of a file apart without reading it. */
export interface FileState {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Throws `FileTrouble`. */
export async function fileState(path: string): Promise<FileState> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { sizeBytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Reads a file to its end and hands out its chunks, which are good during the call only. Throws `FileTrouble` when it
 * can't be read, or is not in the state `expected` before and after; rejects with an `AbortError` on the signal.
 */
export async function readSource(
  path: string,
  expected: FileState,
  onChunk: (chunk: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  await checkUnchanged(path, expected);
  const handle = await open(path).catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    for await (const chunk of readAhead(handle)) {
      throwIfAborted(signal);
      onChunk(chunk);
    }
  } finally {
    // Waits for a read that is still under way.
    await handle.close();
  }
  throwIfAborted(signal);
  await checkUnchanged(path, expected);
}

/** The chunks of a file; while one is worked on, the next is being read. */
async function* readAhead(handle: FileHandle): AsyncGenerator<Uint8Array, void> {
  let [current, other] = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)];
  const read = (into: Uint8Array): Promise<number> => {
    const count = handle.read(into, 0, chunkBytes).then(({ bytesRead }) => bytesRead);
    // It may fail while nobody waits for it; whoever awaits it later still gets the failure.
    count.catch(() => undefined);
    return count;
  };
  let reading = read(current);
  for (;;) {
    const count = await reading.catch((error: unknown) => {
      throw unreadable(error);
    });
    if (count === 0) return;
    reading = read(other);
    yield current.subarray(0, count);
    [current, other] = [other, current];
  }
}

async function checkUnchanged(path: string, expected: FileState): Promise<void> {
  const { sizeBytes, modifiedMs } = await fileState(path);
  if (sizeBytes !== expected.sizeBytes || modifiedMs !== expected.modifiedMs)
    throw new FileTrouble({ failure: 'changed', message: 'the file changed while it was read' });
}

function unreadable(error: unknown): FileTrouble {
  return new FileTrouble({ failure: 'unreadable', message: readMessage(error) } satisfies CsvFailure, error);
}

function readMessage(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'the file is not there any more';
    case 'EACCES':
    case 'EPERM':
      return 'you may not read the file';
    case 'EISDIR':
      return 'it is a folder, not a file';
    default:
      return `the file can’t be read (${String(error)})`;
  }
}
