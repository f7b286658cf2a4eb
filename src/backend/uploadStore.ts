import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ChecksumAlgorithm } from './checksums.ts';
import type { Incoming, ReceivedContent } from './incoming.ts';
import type { ObjectAttributes, StoredChecksum } from './objectAttributes.ts';
import { compareUtf8 } from './objectIndex.ts';
import { readStoredJson } from './storedJson.ts';

/** How the checksum of an object made of parts is to be computed. */
export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: StoredChecksum['type'];
}

/** A multipart upload under way. */
export interface Upload {
  /** Sorts by the time of its beginning. */
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedMs: number;
  /** What the object will have. */
  readonly attributes: ObjectAttributes;
  readonly checksum?: UploadChecksum | undefined;
  readonly parts: ReadonlyMap<number, UploadPart>;
}

export interface UploadPart {
  /** From 1 to 10,000. */
  readonly number: number;
  readonly sizeBytes: number;
  /** MD5 in hex. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly checksum?: StoredChecksum | undefined;
  readonly filePath: string;
}

/** What is written of an upload and of a part; the rest follows from where the files lie. */
type UploadRecord = Omit<Upload, 'parts'>;
type PartRecord = Omit<UploadPart, 'filePath'> & { readonly contentFile: string };
type OpenUpload = UploadRecord & { readonly folder: string; readonly parts: Map<number, UploadPart> };

/**
 * The multipart uploads that were begun and neither completed nor aborted, each in a folder of its own: `upload.json`,
 * and for each part `part-<number>.json` with a content file beside it. As with objects, the JSON is what counts.
 */
export class UploadStore {
  readonly #uploads = new Map<string, OpenUpload>();

  /** Finds the uploads in the folder, which is made if it isn't there. `log` is told of those that are damaged. */
  constructor(
    private readonly folder: string,
    private readonly incoming: Incoming,
    log: (line: string) => void,
  ) {
    mkdirSync(folder, { recursive: true });
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const uploadFolder = path.join(folder, entry.name);
      const upload = loadUpload(uploadFolder, log);
      if (upload === undefined) rmSync(uploadFolder, { recursive: true, force: true });
      else this.#uploads.set(upload.id, upload);
    }
  }

  get size(): number {
    return this.#uploads.size;
  }

  begin(
    bucket: string,
    key: string,
    attributes: ObjectAttributes,
    checksum: UploadChecksum | undefined,
  ): Upload {
    const initiatedMs = Date.now();
    const id = initiatedMs.toString(16).padStart(12, '0') + randomBytes(16).toString('hex');
    const record: UploadRecord = { id, bucket, key, initiatedMs, attributes, checksum };
    const folder = path.join(this.folder, id);
    mkdirSync(folder);
    this.incoming.writeJson(path.join(folder, uploadFile), record);
    const upload = { ...record, folder, parts: new Map<number, UploadPart>() };
    this.#uploads.set(id, upload);
    return upload;
  }

  /** The upload with this id, if it is one to this bucket and key. */
  find(id: string, bucket: string, key: string): Upload | undefined {
    const upload = this.#uploads.get(id);
    return upload?.bucket === bucket && upload.key === key ? upload : undefined;
  }

  /** The uploads to a bucket, by key and then by time. */
  list(bucket: string): readonly Upload[] {
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .sort((a, b) => compareUtf8(a.key, b.key) || (a.id < b.id ? -1 : 1));
  }

  /** Takes received content as a part, in place of one with that number. `undefined` when the upload is gone. */
  storePart(
    uploadId: string,
    number: number,
    content: ReceivedContent,
    checksum: StoredChecksum | undefined,
  ): UploadPart | undefined {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) {
      this.incoming.discard(content);
      return undefined;
    }
    const record: PartRecord = {
      number,
      sizeBytes: content.sizeBytes,
      etag: content.digests.get('MD5')!.toString('hex'),
      lastModifiedMs: Date.now(),
      checksum,
      contentFile: `content-${randomUUID()}`,
    };
    renameSync(content.filePath, path.join(upload.folder, record.contentFile));
    this.incoming.writeJson(path.join(upload.folder, `part-${number}.json`), record);
    const replaced = upload.parts.get(number);
    const part = toPart(upload.folder, record);
    upload.parts.set(number, part);
    if (replaced !== undefined) rmSync(replaced.filePath, { force: true });
    return part;
  }

  /** Forgets an upload and its parts, because it was completed or aborted. */
  drop(id: string): void {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    this.#uploads.delete(id);
    rmSync(upload.folder, { recursive: true, force: true });
  }

  dropBucket(bucket: string): void {
    for (const { id } of this.list(bucket)) this.drop(id);
  }
}

const uploadFile = 'upload.json';

function toPart(folder: string, { contentFile, ...rest }: PartRecord): UploadPart {
  return { ...rest, filePath: path.join(folder, contentFile) };
}

function loadUpload(folder: string, log: (line: string) => void): OpenUpload | undefined {
  const files = new Set(readdirSync(folder));
  if (!files.delete(uploadFile)) return undefined;
  const upload = readStoredJson(path.join(folder, uploadFile), log) as UploadRecord | undefined;
  if (upload === undefined) return undefined;
  const parts = new Map<number, UploadPart>();
  for (const name of [...files].filter((file) => file.endsWith('.json'))) {
    const record = readStoredJson(path.join(folder, name), log) as PartRecord | undefined;
    if (record === undefined || !files.has(record.contentFile)) continue;
    parts.set(record.number, toPart(folder, record));
    files.delete(name);
    files.delete(record.contentFile);
  }
  for (const orphan of files) rmSync(path.join(folder, orphan), { force: true });
  return { ...upload, folder, parts };
}
