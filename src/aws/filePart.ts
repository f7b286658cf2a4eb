import type { FileHandle } from 'node:fs/promises';
import { Problem } from '../core/problem.ts';

/** Reads this many bytes from this place of a file, which must not become shorter meanwhile. */
export async function readPart(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const part = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(part, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new Problem('fileChanged', 'The file became shorter while it was uploaded.');
    filled += bytesRead;
  }
  return part;
}
