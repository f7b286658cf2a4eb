import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Incoming, type ReceivedContent } from './incoming.ts';
import type { ObjectAttributes, StoredChecksum } from './objectAttributes.ts';
import { ObjectIndex } from './objectIndex.ts';
import { readStoredJson } from './storedJson.ts';
import { UploadStore } from './uploadStore.ts';

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** Without quotes: the MD5 in hex, or that of the parts' MD5s with `-` and their number. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly contentType?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: StoredChecksum | undefined;
  /** The content, as a plain file. It is never changed, but goes when the object is replaced or deleted. */
  readonly filePath: string;
}

export interface StoredBucket {
  readonly name: string;
  readonly createdMs: number;
}

interface Bucket extends StoredBucket {
  readonly folder: string;
  readonly objects: ObjectIndex<StoredObject>;
}

/** An object's metadata file. The content lies beside it. */
type ObjectRecord = Omit<StoredObject, 'bucket' | 'filePath'> & { readonly contentFile: string };

/**
 * Buckets and objects in a folder, with an index of all of them in memory.
 *
 * An object is two files, named after the digest of its key, since a key may be longer than a file name, differ from
 * another only in case, or contain `..`: `<digest>.json` and a content file that it names. A new content file gets a
 * name of its own, so renaming the metadata file into place switches from the old object to the new one at once, and
 * a process that dies leaves either. What dies half-written is in `incoming` or unreferenced, and goes at the next start.
 *
 * Changes to the index and the metadata happen without waiting in between, so that two requests can't interleave.
 */
export class ObjectStore {
  readonly #buckets = new Map<string, Bucket>();
  readonly #bucketsFolder: string;
  /** Where content is received before it is stored. */
  readonly incoming: Incoming;
  /** Multipart uploads that aren't complete. */
  readonly uploads: UploadStore;

  private constructor(folder: string, log: (line: string) => void) {
    this.#bucketsFolder = path.join(folder, 'buckets');
    mkdirSync(this.#bucketsFolder, { recursive: true });
    this.incoming = new Incoming(path.join(folder, 'incoming'));
    this.uploads = new UploadStore(path.join(folder, 'uploads'), this.incoming, log);
  }

  /**
   * Opens the store in a folder, which is made if it isn't there, and finds everything stored before. What is damaged
   * is left out: `log` is told.
   */
  static async open(folder: string, log: (line: string) => void = () => {}): Promise<ObjectStore> {
    const store = new ObjectStore(folder, log);
    for (const entry of readdirSync(store.#bucketsFolder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const bucket = loadBucket(path.join(store.#bucketsFolder, entry.name), log);
      if (bucket !== undefined) store.#buckets.set(bucket.name, bucket);
    }
    return store;
  }

  listBuckets(): readonly StoredBucket[] {
    return [...this.#buckets.values()]
      .map(({ name, createdMs }) => ({ name, createdMs }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** Makes a bucket if it isn't there. The name must be a valid bucket name: it becomes part of a path. */
  ensureBucket(name: string): void {
    if (this.#buckets.has(name)) return;
    if (!isBucketName(name)) throw new Error('Not a bucket name.');
    // With a prefix, because `con` and `nul` are bucket names but no file names on Windows.
    const folder = path.join(this.#bucketsFolder, `bucket-${name}`);
    const bucket = { name, createdMs: Date.now() };
    mkdirSync(folder, { recursive: true });
    this.incoming.writeJson(path.join(folder, bucketFile), bucket);
    this.#buckets.set(name, { ...bucket, folder, objects: new ObjectIndex() });
  }

  /** Deletes a bucket with all that may be in it, unfinished uploads too. */
  deleteBucket(name: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return;
    this.#buckets.delete(name);
    this.uploads.dropBucket(name);
    rmSync(bucket.folder, { recursive: true, force: true });
  }

  /** The objects of a bucket in the order of their keys; `undefined` when there is no such bucket. */
  indexOf(bucket: string): ObjectIndex<StoredObject> | undefined {
    return this.#buckets.get(bucket)?.objects;
  }

  /** The objects whose keys have the prefix, in the order of S3 (UTF-8 bytes); none in a bucket that isn't there. */
  async listObjects(bucket: string, prefix: string): Promise<StoredObject[]> {
    return [...(this.indexOf(bucket)?.scan(prefix) ?? [])];
  }

  getObject(bucket: string, key: string): StoredObject | undefined {
    return this.indexOf(bucket)?.get(key);
  }

  /** Stores a copy of a file (a path) or of bytes. Makes the bucket if it isn't there. */
  async putFile(
    bucket: string,
    key: string,
    source: string | Uint8Array,
    attributes: ObjectAttributes = {},
  ): Promise<StoredObject> {
    const content = await this.incoming.receive(
      typeof source === 'string' ? createReadStream(source) : [source],
      ['MD5'],
    );
    this.ensureBucket(bucket);
    return this.store(bucket, key, content, content.digests.get('MD5')!.toString('hex'), attributes);
  }

  /** Makes received content an object, in place of one that had the key. Throws when the bucket isn't there. */
  store(
    bucketName: string,
    key: string,
    content: ReceivedContent,
    etag: string,
    attributes: ObjectAttributes,
  ): StoredObject {
    const bucket = this.#buckets.get(bucketName);
    if (bucket === undefined) {
      this.incoming.discard(content);
      throw new Error('The bucket is not there.');
    }
    const name = fileNameOf(key);
    const contentFile = `${name}.${randomUUID()}`;
    renameSync(content.filePath, path.join(bucket.folder, contentFile));
    const record: ObjectRecord = {
      key,
      sizeBytes: content.sizeBytes,
      etag,
      lastModifiedMs: Date.now(),
      contentType: attributes.contentType,
      headers: attributes.headers ?? {},
      metadata: attributes.metadata ?? {},
      checksum: attributes.checksum,
      contentFile,
    };
    this.incoming.writeJson(path.join(bucket.folder, `${name}.json`), record);
    const replaced = bucket.objects.get(key);
    const stored = toObject(bucket, record);
    bucket.objects.set(key, stored);
    if (replaced !== undefined) rmSync(replaced.filePath, { force: true });
    return stored;
  }

  /** Deletes an object; there may be none. */
  deleteObject(bucketName: string, key: string): void {
    const bucket = this.#buckets.get(bucketName);
    const object = bucket?.objects.get(key);
    if (bucket === undefined || object === undefined) return;
    rmSync(path.join(bucket.folder, `${fileNameOf(key)}.json`), { force: true });
    bucket.objects.delete(key);
    rmSync(object.filePath, { force: true });
  }

  /** How much is stored in all buckets together. */
  async usage(): Promise<{ readonly objects: number; readonly bytes: number }> {
    let [objects, bytes] = [0, 0];
    for (const bucket of this.#buckets.values()) {
      for (const object of bucket.objects.scan('')) {
        objects++;
        bytes += object.sizeBytes;
      }
    }
    return { objects, bytes };
  }

  /** Multipart uploads, in all buckets, that were begun and neither completed nor aborted. */
  uploadCount(): number {
    return this.uploads.size;
  }
}

const bucketFile = 'bucket.json';

/**
 * Tells whether a text may name a general purpose bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

/** A name that is a file name everywhere, different for different keys. */
function fileNameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function toObject(bucket: { name: string; folder: string }, record: ObjectRecord): StoredObject {
  const { contentFile, ...rest } = record;
  return { ...rest, bucket: bucket.name, filePath: path.join(bucket.folder, contentFile) };
}

/** Reads a bucket's folder and removes what no object refers to. `undefined` when the folder is not a bucket's. */
function loadBucket(folder: string, log: (line: string) => void): Bucket | undefined {
  const files = new Set(readdirSync(folder));
  if (!files.delete(bucketFile)) return undefined;
  const stored = readStoredJson(path.join(folder, bucketFile), log) as StoredBucket | undefined;
  if (stored === undefined) return undefined;
  const bucket = { ...stored, folder };
  const found: [string, StoredObject][] = [];
  for (const file of [...files].filter((name) => name.endsWith('.json'))) {
    const record = readStoredJson(path.join(folder, file), log) as ObjectRecord | undefined;
    if (record === undefined || !files.has(record.contentFile)) continue;
    found.push([record.key, toObject(bucket, record)]);
    files.delete(file);
    files.delete(record.contentFile);
  }
  for (const orphan of files) rmSync(path.join(folder, orphan), { force: true });
  const objects = new ObjectIndex<StoredObject>();
  objects.load(found);
  return { ...bucket, objects };
}
