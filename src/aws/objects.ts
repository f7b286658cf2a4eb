import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../core/clock.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { S3Location } from '../core/s3Uri.ts';
import type { Clients, SendOptions } from './clients.ts';
import type { Identity } from './identity.ts';
import { hasName, headerOf, statusOf } from './problems.ts';
import { uploadFile, type UploadOptions } from './upload.ts';

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** DeleteObjects takes this many keys. */
const deleteBatch = 1000;

/** Buckets and objects in S3. */
export class Objects {
  readonly #clients: Clients;
  readonly #identity: Identity;
  readonly #clock: Clock;

  constructor(clients: Clients, identity: Identity, clock: Clock) {
    this.#clients = clients;
    this.#identity = identity;
    this.#clock = clock;
  }

  /** The name that SageMaker's own SDK gives to an account's bucket. */
  async defaultBucketName(signal?: AbortSignal): Promise<string> {
    const { accountId } = await this.#identity.caller(signal);
    return `sagemaker-${this.#clients.region}-${accountId}`;
  }

  /**
   * Sees to it that a bucket can be used; tells whether it had to be made. Only the account's default bucket is
   * ever made, and it is used only if it belongs to the account: its name can be guessed, and taken by others.
   */
  async ensureDefaultBucket(bucket: string, signal?: AbortSignal): Promise<boolean> {
    const { accountId } = await this.#identity.caller(signal);
    const isDefault = bucket === `sagemaker-${this.#clients.region}-${accountId}`;
    try {
      await this.#headBucket(bucket, isDefault ? accountId : undefined, signal);
      return false;
    } catch (error) {
      if (isDefault && isProblem(error, 'accessDenied')) {
        throw new Problem('accessDenied', `The bucket "${bucket}" may belong to another account.`, {
          hint: 'Select a bucket of your own.',
          details: error.details,
          cause: error,
        });
      }
      if (!isDefault || !isProblem(error, 'notFound')) throw error;
    }
    await this.#createBucket(bucket, signal);
    return true;
  }

  /** Throws a `wrongRegion` problem unless the bucket is in this region: SageMaker reads from no other. */
  async checkBucketRegion(bucket: string, region: string, signal?: AbortSignal): Promise<void> {
    const found = await this.#bucketRegion(bucket, signal);
    if (found === undefined || found === region) return;
    throw new Problem(
      'wrongRegion',
      `Bucket "${bucket}" is in ${found}, the job in ${region}; SageMaker needs the same region.`,
      { hint: 'Select another bucket, or switch the region.' },
    );
  }

  async prefixIsEmpty({ bucket, key }: S3Location, signal?: AbortSignal): Promise<boolean> {
    const { api, client } = await this.#clients.s3();
    const command = new api.ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
    const send = (options: SendOptions) => client.send(command, options);
    const page = await this.#clients.call({ what: 'list bucket', subject: bucket }, send, signal);
    return (page.Contents ?? []).length === 0;
  }

  /** The objects below a prefix, in the order of their keys. */
  async *list({ bucket, key }: S3Location, signal?: AbortSignal): AsyncGenerator<StoredObject> {
    const { api, client } = await this.#clients.s3();
    let token: string | undefined;
    do {
      const command = new api.ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token });
      const send = (options: SendOptions) => client.send(command, options);
      const page = await this.#clients.call({ what: 'list bucket', subject: bucket }, send, signal);
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        yield { key: Key, sizeBytes: Size, modifiedMs: LastModified?.getTime() ?? 0 };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** Uploads a file; when it is cancelled or fails, nothing of it stays. */
  uploadFile(filePath: string, location: S3Location, options: UploadOptions = {}): Promise<void> {
    return uploadFile(this.#clients, this.#clock, filePath, location, options);
  }

  /** Downloads an object. The file appears under its name only when it is complete. */
  async downloadFile(
    { bucket, key }: S3Location,
    filePath: string,
    { onProgress, signal }: Pick<UploadOptions, 'onProgress' | 'signal'> = {},
  ): Promise<void> {
    const { api, client } = await this.#clients.s3();
    const partial = `${filePath}.partial`;
    const download = async (options: SendOptions): Promise<void> => {
      const { Body } = await client.send(new api.GetObjectCommand({ Bucket: bucket, Key: key }), options);
      const body = Body as Readable;
      let bytes = 0;
      body.on('data', (chunk: Uint8Array) => onProgress?.((bytes += chunk.length)));
      await pipeline(body, createWriteStream(partial), signal ? { signal } : {});
      await rename(partial, filePath);
    };
    try {
      await this.#clients.call({ what: 'download', subject: key }, download, signal);
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** Deletes objects; those that are not there count as deleted. */
  async deleteObjects(locations: readonly S3Location[], signal?: AbortSignal): Promise<void> {
    for (const bucket of new Set(locations.map((location) => location.bucket))) {
      const keys = locations.filter((location) => location.bucket === bucket).map(({ key }) => key);
      for (let start = 0; start < keys.length; start += deleteBatch) {
        await this.#deleteBatch(bucket, keys.slice(start, start + deleteBatch), signal);
      }
    }
  }

  async #deleteBatch(
    bucket: string,
    keys: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { api, client } = await this.#clients.s3();
    const Objects = keys.map((Key) => ({ Key }));
    const command = new api.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
    const send = (options: SendOptions) => client.send(command, options);
    const context = { what: 'delete files in', subject: bucket };
    const { Errors: [refused, ...others] = [] } = await this.#clients.call(context, send, signal);
    if (refused === undefined) return;
    const code = refused.Code === 'AccessDenied' ? 'accessDenied' : 'serviceFault';
    throw new Problem(code, `Can't delete ${others.length + 1} of ${keys.length} files in "${bucket}".`, {
      details: `${refused.Code ?? ''}: ${refused.Message ?? ''} (${refused.Key ?? ''})`,
    });
  }

  async #headBucket(
    bucket: string,
    owner: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { api, client } = await this.#clients.s3();
    const command = new api.HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: owner });
    const head = async (options: SendOptions): Promise<void> => {
      try {
        await client.send(command, options);
      } catch (error) {
        throw await this.#explained(error, bucket, options);
      }
    };
    await this.#clients.call({ what: 'use bucket', subject: bucket }, head, signal);
  }

  async #createBucket(bucket: string, signal: AbortSignal | undefined): Promise<void> {
    const { api, client } = await this.#clients.s3();
    const { region } = this.#clients;
    const command = new api.CreateBucketCommand({
      Bucket: bucket,
      // The oldest region has no name here, and refuses its own.
      ...(region !== 'us-east-1' && {
        CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
      }),
    });
    const create = async (options: SendOptions): Promise<void> => {
      try {
        await client.send(command, options);
      } catch (error) {
        // Someone of the same account makes it at this moment, or an attempt of ours whose answer was lost did.
        if (!hasName(error, 'BucketAlreadyOwnedByYou', 'OperationAborted')) throw error;
      }
    };
    await this.#clients.call({ what: 'create bucket', subject: bucket }, create, signal);
  }

  /** The region of a bucket; the service tells it even with a refusal. `undefined` when it does not. */
  async #bucketRegion(bucket: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    const { api, client } = await this.#clients.s3();
    const head = async (options: SendOptions): Promise<string | undefined> => {
      try {
        return (await client.send(new api.HeadBucketCommand({ Bucket: bucket }), options)).BucketRegion;
      } catch (error) {
        const region = headerOf(error, 'x-amz-bucket-region');
        if (region !== undefined && region !== this.#clients.region) return region;
        throw await this.#explained(error, bucket, options);
      }
    };
    return this.#clients.call({ what: 'use bucket', subject: bucket }, head, signal);
  }

  /** A HEAD has no body to say why it was refused, for expired keys for instance; a GET of the same bucket has. */
  async #explained(error: unknown, bucket: string, options: SendOptions): Promise<unknown> {
    if (statusOf(error) !== 400) return error;
    const { api, client } = await this.#clients.s3();
    try {
      await client.send(new api.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }), options);
    } catch (reason) {
      return reason;
    }
    return error;
  }
}
