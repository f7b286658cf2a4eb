import type { FileHandle } from 'node:fs/promises';
import { throwIfAborted } from '../core/cancellation.ts';
import { isProblem } from '../core/problem.ts';
import type { S3Location } from '../core/s3Uri.ts';
import { type Clients, largeBodyTimeout, type SendOptions } from './clients.ts';
import { readPart } from './filePart.ts';
import type { PatientRetry } from './patientRetry.ts';

const mebibyte = 1024 * 1024;
const smallestPart = 8 * mebibyte;
/** Limit of the service. */
const mostParts = 10_000;
/** Parts on their way at a time; each is held in memory. */
const concurrency = 4;

/** A part that the service holds. */
interface StoredPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  readonly ChecksumCRC32: string | undefined;
  readonly size: number;
}

/** Size of the parts of a file, in bytes: 8 MiB, and more only for what would need too many of them. */
export function partSizeFor(fileSize: number): number {
  return Math.max(smallestPart, Math.ceil(fileSize / mostParts / mebibyte) * mebibyte);
}

/** One file on its way up in parts. */
export class MultipartUpload {
  readonly #stored = new Map<number, StoredPart>();
  readonly #partSize: number;
  #uploadId = '';

  constructor(
    private readonly clients: Clients,
    private readonly file: FileHandle,
    private readonly size: number,
    private readonly location: S3Location,
    private readonly contentType: string,
    private readonly retry: PatientRetry,
  ) {
    this.#partSize = partSizeFor(size);
  }

  /** Uploads all parts and completes the object; on a failure, or when the signal fires, removes what is there. */
  async run(
    onProgress: ((bytes: number) => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    // Not to be cut by the signal: an upload whose id never came could not be removed.
    this.#uploadId = await this.retry.run(() => this.#create());
    try {
      let cut = false;
      await this.retry.run(async () => {
        if (cut) await this.#recall(signal);
        cut = true;
        await this.#uploadMissing(onProgress, signal);
      });
      throwIfAborted(signal);
      // Nor is this: half-way it could not be said whether the object exists.
      await this.retry.run(() => this.#complete());
    } catch (error) {
      await this.#abort();
      throw error;
    }
  }

  async #create(): Promise<string> {
    const { api, client } = await this.clients.s3();
    const command = new api.CreateMultipartUploadCommand({
      ...this.#target,
      ContentType: this.contentType,
      ChecksumAlgorithm: 'CRC32',
    });
    const { UploadId = '' } = await this.#call((options) => client.send(command, options));
    return UploadId;
  }

  /** Uploads what is not stored yet. When one part fails the others that are under way are waited for. */
  async #uploadMissing(
    onProgress: ((bytes: number) => void) | undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    const missing = this.#numbers().filter((number) => !this.#stored.has(number));
    let failure: { readonly error: unknown } | undefined;
    const worker = async (): Promise<void> => {
      for (let number = missing.shift(); number !== undefined && !failure; number = missing.shift()) {
        try {
          await this.#uploadPart(number, signal);
          this.retry.progressed();
          onProgress?.(this.#storedBytes());
        } catch (error) {
          failure ??= { error };
        }
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    if (failure !== undefined) throw failure.error;
  }

  async #uploadPart(number: number, signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    const start = (number - 1) * this.#partSize;
    const body = await readPart(this.file, start, Math.min(this.#partSize, this.size - start));
    const { api, client } = await this.clients.s3();
    const command = new api.UploadPartCommand({
      ...this.#target,
      UploadId: this.#uploadId,
      PartNumber: number,
      Body: body,
      ChecksumAlgorithm: 'CRC32',
    });
    const send = (options: SendOptions) => client.send(command, { ...options, ...largeBodyTimeout });
    const { ETag, ChecksumCRC32 } = await this.#call(send, signal);
    this.#stored.set(number, { PartNumber: number, ETag, ChecksumCRC32, size: body.length });
  }

  /** Asks the service which parts it holds: one whose answer was lost need not be sent again. */
  async #recall(signal: AbortSignal | undefined): Promise<void> {
    const { api, client } = await this.clients.s3();
    let marker: string | undefined;
    do {
      const command = new api.ListPartsCommand({
        ...this.#target,
        UploadId: this.#uploadId,
        ...(marker !== undefined && { PartNumberMarker: marker }),
      });
      const page = await this.#call((options) => client.send(command, options), signal);
      for (const { PartNumber, ETag, ChecksumCRC32, Size = 0 } of page.Parts ?? []) {
        if (PartNumber === undefined || Size !== this.#sizeOf(PartNumber)) continue;
        this.#stored.set(PartNumber, { PartNumber, ETag, ChecksumCRC32, size: Size });
      }
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
  }

  async #complete(): Promise<void> {
    const { api, client } = await this.clients.s3();
    const parts = [...this.#stored.values()].sort((a, b) => a.PartNumber - b.PartNumber);
    const command = new api.CompleteMultipartUploadCommand({
      ...this.#target,
      UploadId: this.#uploadId,
      MultipartUpload: {
        Parts: parts.map(({ PartNumber, ETag, ChecksumCRC32 }) => ({ PartNumber, ETag, ChecksumCRC32 })),
      },
    });
    try {
      await this.#call((options) => client.send(command, { ...options, ...largeBodyTimeout }));
    } catch (error) {
      // After a lost answer the upload is gone because the object is there.
      if (!isProblem(error, 'notFound') || !(await this.#isThere())) throw error;
    }
  }

  async #isThere(): Promise<boolean> {
    const { api, client } = await this.clients.s3();
    try {
      const command = new api.HeadObjectCommand(this.#target);
      return (await this.#call((options) => client.send(command, options))).ContentLength === this.size;
    } catch (error) {
      if (isProblem(error, 'notFound')) return false;
      throw error;
    }
  }

  /**
   * Removes the upload with all its parts. What fails here is not told: why the upload failed is more important, and
   * buckets usually expire unfinished uploads.
   */
  async #abort(): Promise<void> {
    try {
      const { api, client } = await this.clients.s3();
      const command = new api.AbortMultipartUploadCommand({ ...this.#target, UploadId: this.#uploadId });
      await client.send(command, { abortSignal: AbortSignal.timeout(10_000) });
    } catch {
      // See above.
    }
  }

  #call<T>(send: (options: SendOptions) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.clients.call({ what: 'upload', subject: this.location.key }, send, signal);
  }

  get #target() {
    return { Bucket: this.location.bucket, Key: this.location.key };
  }

  #numbers(): number[] {
    return Array.from({ length: Math.ceil(this.size / this.#partSize) }, (_, index) => index + 1);
  }

  #sizeOf(number: number): number {
    return Math.min(this.#partSize, this.size - (number - 1) * this.#partSize);
  }

  #storedBytes(): number {
    let bytes = 0;
    for (const { size } of this.#stored.values()) bytes += size;
    return bytes;
  }
}
