import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { type DigestName, createDigest } from './checksums.ts';

/** Bytes that have arrived completely and belong to nothing yet: either moved to their place or discarded. */
export interface ReceivedContent {
  readonly filePath: string;
  readonly sizeBytes: number;
  readonly digests: ReadonlyMap<DigestName, Buffer>;
}

/**
 * The folder in which files are written before they are renamed into their place, so that no half-written file is
 * ever there. What an ended process left in it is of no use.
 */
export class Incoming {
  constructor(private readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Writes bytes to a file as they come and digests them on the way. If the source fails, nothing is left. */
  async receive(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    digestNames: Iterable<DigestName>,
  ): Promise<ReceivedContent> {
    const digests = [...new Set(digestNames)].map((name) => ({ name, digest: createDigest(name) }));
    const filePath = path.join(this.folder, randomUUID());
    const file = await open(filePath, 'wx');
    let sizeBytes = 0;
    try {
      for await (const bytes of source) {
        for (const { digest } of digests) digest.update(bytes);
        // On an open file this goes on where the last write ended, and writes all of the bytes.
        await file.writeFile(bytes);
        sizeBytes += bytes.length;
      }
      await file.close();
    } catch (error) {
      await file.close();
      await rm(filePath, { force: true });
      throw error;
    }
    return {
      filePath,
      sizeBytes,
      digests: new Map(digests.map(({ name, digest }) => [name, digest.digest()])),
    };
  }

  /** Lets go of content that was received and isn't wanted. */
  discard(content: ReceivedContent): void {
    rmSync(content.filePath, { force: true });
  }

  /** Replaces a file at once: whoever reads it sees the old content or the new. */
  writeJson(filePath: string, value: unknown): void {
    const temporary = path.join(this.folder, randomUUID());
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, filePath);
  }
}
