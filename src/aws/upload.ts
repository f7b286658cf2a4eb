import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { throwIfAborted } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import type { InterruptionNotice } from '../core/interruption.ts';
import { Problem } from '../core/problem.ts';
import type { S3Location } from '../core/s3Uri.ts';
import { type Clients, largeBodyTimeout, type SendOptions } from './clients.ts';
import { readPart } from './filePart.ts';
import { MultipartUpload } from './multipartUpload.ts';
import { PatientRetry } from './patientRetry.ts';

export interface UploadOptions {
  /** Bytes that are safe at the service. */
  readonly onProgress?: (bytes: number) => void;
  /** The upload was interrupted, or goes on. */
  readonly onNotice?: (notice: InterruptionNotice) => void;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Files of this size and more go up in parts. */
const multipartFrom = 16 * 1024 * 1024;

/**
 * Uploads a file. A cut connection is waited for, and an expired sign-in too, and the upload then goes on with the
 * parts that are missing. When it is cancelled, or fails for good, nothing of it stays at the service.
 */
export async function uploadFile(
  clients: Clients,
  clock: Clock,
  filePath: string,
  location: S3Location,
  { onProgress, onNotice, contentType = 'application/octet-stream', signal }: UploadOptions = {},
): Promise<void> {
  throwIfAborted(signal);
  const file = await open(filePath);
  try {
    const before = await file.stat();
    const retry = new PatientRetry(clock, onNotice, signal);
    if (before.size < multipartFrom) {
      await putObject(clients, file, before.size, location, contentType, retry, signal);
      onProgress?.(before.size);
    } else {
      await new MultipartUpload(clients, file, before.size, location, contentType, retry).run(
        onProgress,
        signal,
      );
    }
    const after = await file.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      await removeObject(clients, location);
      throw new Problem('fileChanged', `${path.basename(filePath)} changed while it was uploaded.`);
    }
  } finally {
    await file.close();
  }
}

async function putObject(
  clients: Clients,
  file: FileHandle,
  size: number,
  location: S3Location,
  contentType: string,
  retry: PatientRetry,
  signal: AbortSignal | undefined,
): Promise<void> {
  const body = await readPart(file, 0, size);
  try {
    await retry.run(async () => {
      const { api, client } = await clients.s3();
      const command = new api.PutObjectCommand({
        Bucket: location.bucket,
        Key: location.key,
        Body: body,
        ContentType: contentType,
        ChecksumAlgorithm: 'CRC32',
      });
      const send = (options: SendOptions) => client.send(command, { ...options, ...largeBodyTimeout });
      await clients.call({ what: 'upload', subject: location.key }, send, signal);
    });
  } catch (error) {
    // All bytes may have arrived although the answer did not.
    await removeObject(clients, location);
    throw error;
  }
}

/** Removes what an upload may have left; that it could not is less than why it failed, and is not told. */
async function removeObject(clients: Clients, { bucket, key }: S3Location): Promise<void> {
  try {
    const { api, client } = await clients.s3();
    await client.send(new api.DeleteObjectCommand({ Bucket: bucket, Key: key }), {
      abortSignal: AbortSignal.timeout(10_000),
    });
  } catch {
    // See above.
  }
}
