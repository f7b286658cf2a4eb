/** Multipart uploads: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { commonPrefixesXml, keyEncoder } from './bucketApi.ts';
import { type ChecksumAlgorithm, type DigestName, digestOf } from './checksums.ts';
import type { ReceivedContent } from './incoming.ts';
import type { StoredChecksum } from './objectAttributes.ts';
import {
  checksumHeaders,
  checksumXml,
  copySource,
  parseAttributes,
  receiveBody,
  receiveCopy,
  storeContent,
} from './objectApi.ts';
import { headerOf, parseAlgorithm } from './objectBody.ts';
import { checkWriteConditions, parseRange } from './objectConditions.ts';
import {
  type ObjectPlace,
  type ObjectRequest,
  bucketOf,
  countParameter,
  emptyReply,
  invalidArgument,
  isoTime,
  malformedXml,
  quoted,
  s3Namespace,
  xmlReply,
} from './objectRequest.ts';
import { compareUtf8 } from './objectIndex.ts';
import type { Upload, UploadChecksum, UploadPart } from './uploadStore.ts';
import { type WireReply, ServiceError } from './wire.ts';
import { type XmlElement, childText, element, parseXml, textElements } from './xml.ts';

const maxPartNumber = 10_000;
const minPartBytes = 5 * 1024 * 1024;
const maxListed = 1000;

export function createMultipartUpload(request: ObjectRequest, place: ObjectPlace): WireReply {
  bucketOf(request, place);
  const checksum = parseUploadChecksum(request);
  const { bucket, key } = request;
  const upload = place.store.uploads.begin(bucket, key, parseAttributes(request), checksum);
  const result = textElements({ Bucket: bucket, Key: key, UploadId: upload.id });
  const headers: Record<string, string> = checksum
    ? { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }
    : {};
  return xmlReply(element('InitiateMultipartUploadResult', result, s3Namespace), headers);
}

function parseUploadChecksum({ headers }: ObjectRequest): UploadChecksum | undefined {
  const name = headers.get('x-amz-checksum-algorithm');
  if (name === undefined) return undefined;
  const algorithm = parseAlgorithm(name);
  const type = headers.get('x-amz-checksum-type') ?? 'COMPOSITE';
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT') {
    throw new ServiceError('InvalidRequest', 'Value for x-amz-checksum-type header is invalid.');
  }
  if (type === 'FULL_OBJECT' && algorithm.startsWith('SHA')) {
    throw new ServiceError(
      'InvalidRequest',
      `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type };
}

export async function uploadPart(request: ObjectRequest, place: ObjectPlace): Promise<WireReply> {
  const number = parsePartNumber(request);
  const upload = uploadOf(request, place);
  const { checksumAlgorithm } = request.body;
  if (
    upload.checksum !== undefined &&
    checksumAlgorithm !== undefined &&
    checksumAlgorithm !== upload.checksum.algorithm
  ) {
    throw new ServiceError(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm.toLowerCase()}, ` +
        `actual checksum Type: ${checksumAlgorithm.toLowerCase()}`,
    );
  }
  const { content, checksum } = await receiveBody(request, place);
  const part = storePart(request, place, number, content, checksum);
  return emptyReply(200, { ETag: quoted(part.etag), ...checksumHeaders(part.checksum) });
}

export async function uploadPartCopy(request: ObjectRequest, place: ObjectPlace): Promise<WireReply> {
  const number = parsePartNumber(request);
  const upload = uploadOf(request, place);
  const source = copySource(request, place);
  const header = request.headers.get('x-amz-copy-source-range');
  const range = parseRange(header, source.sizeBytes);
  if (header !== undefined && range === undefined) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  }
  const { content, checksum } = await receiveCopy(request, place, source, upload.checksum?.algorithm, range);
  const part = storePart(request, place, number, content, checksum);
  const result = textElements({ LastModified: isoTime(part.lastModifiedMs), ETag: quoted(part.etag) });
  return xmlReply(element('CopyPartResult', result + checksumXml(part.checksum), s3Namespace));
}

function storePart(
  { query }: ObjectRequest,
  { store }: ObjectPlace,
  number: number,
  content: ReceivedContent,
  checksum: StoredChecksum | undefined,
): UploadPart {
  const part = store.uploads.storePart(query.get('uploadId') ?? '', number, content, checksum);
  // Aborted, or completed, while the part was on its way.
  if (part === undefined) throw noSuchUpload();
  return part;
}

export function abortMultipartUpload(request: ObjectRequest, place: ObjectPlace): WireReply {
  place.store.uploads.drop(uploadOf(request, place).id);
  return emptyReply(204);
}

export async function completeMultipartUpload(
  request: ObjectRequest,
  place: ObjectPlace,
): Promise<WireReply> {
  const upload = uploadOf(request, place);
  checkWriteConditions(request.headers, bucketOf(request, place).get(request.key), request.key);
  const listed = parseListedParts(await request.body.readDocument('object'));
  const parts = checkParts(upload, listed);
  checkTotalSize(request, parts);

  const content = await joinParts(place, upload, parts).catch((error: unknown) => {
    // When another request completed or aborted the upload meanwhile, the parts' files are gone: that is the reason.
    uploadOf(request, place);
    throw error;
  });
  let checksum: StoredChecksum | undefined;
  try {
    checksum = checksumOfWhole(upload, parts, content);
    checkObjectChecksum(request, checksum);
    // It may have been aborted, or completed by another request, while the parts were being joined.
    uploadOf(request, place);
  } catch (error) {
    place.store.incoming.discard(content);
    throw error;
  }
  const stored = storeContent(request, place, content, etagOfParts(parts), {
    ...upload.attributes,
    checksum,
  });
  place.store.uploads.drop(upload.id);
  const result = textElements({
    Location: `/${upload.bucket}/${upload.key}`,
    Bucket: upload.bucket,
    Key: upload.key,
    ETag: quoted(stored.etag),
  });
  return xmlReply(element('CompleteMultipartUploadResult', result + checksumXml(checksum), s3Namespace));
}

/** A part as CompleteMultipartUpload names it. */
interface ListedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: readonly { readonly algorithm: ChecksumAlgorithm; readonly value: string }[];
}

function parseListedParts(document: string): readonly ListedPart[] {
  const root = parseXml(document);
  const parts = root?.children.filter(({ name }) => name === 'Part') ?? [];
  if (root?.name !== 'CompleteMultipartUpload' || parts.length === 0 || parts.length > maxPartNumber) {
    throw malformedXml();
  }
  return parts.map(parseListedPart);
}

function parseListedPart(part: XmlElement): ListedPart {
  const [number, etag] = [childText(part, 'PartNumber'), childText(part, 'ETag')];
  if (number === undefined || !/^\d{1,5}$/.test(number.trim()) || etag === undefined) throw malformedXml();
  const checksums = (['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const).flatMap((algorithm) => {
    const value = childText(part, `Checksum${algorithm}`);
    return value === undefined ? [] : [{ algorithm, value: value.trim() }];
  });
  return { number: Number(number), etag: etag.trim().replace(/^"(.*)"$/, '$1'), checksums };
}

function checkParts(upload: Upload, listed: readonly ListedPart[]): readonly UploadPart[] {
  const parts: UploadPart[] = [];
  for (const { number, etag, checksums } of listed) {
    if (number <= (parts.at(-1)?.number ?? 0)) {
      throw new ServiceError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        400,
        { UploadId: upload.id },
      );
    }
    const part = upload.parts.get(number);
    const isRight = checksums.every(
      ({ algorithm, value }) => part?.checksum?.algorithm !== algorithm || part.checksum.value === value,
    );
    if (part === undefined || part.etag !== etag || !isRight) {
      throw new ServiceError(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the ' +
          "specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.id, PartNumber: String(number), ETag: etag },
      );
    }
    parts.push(part);
  }
  for (const part of parts.slice(0, -1)) {
    if (part.sizeBytes >= minPartBytes) continue;
    throw new ServiceError(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      400,
      {
        ProposedSize: String(part.sizeBytes),
        MinSizeAllowed: String(minPartBytes),
        PartNumber: String(part.number),
        ETag: part.etag,
      },
    );
  }
  return parts;
}

function checkTotalSize({ headers }: ObjectRequest, parts: readonly UploadPart[]): void {
  const declared = headers.get('x-amz-mp-object-size');
  const actual = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (declared !== undefined && declared !== String(actual)) {
    throw new ServiceError(
      'InvalidRequest',
      'The provided x-amz-mp-object-size header does not match what was computed.',
    );
  }
}

function joinParts(
  { store }: ObjectPlace,
  upload: Upload,
  parts: readonly UploadPart[],
): Promise<ReceivedContent> {
  const names: DigestName[] = upload.checksum?.type === 'FULL_OBJECT' ? [upload.checksum.algorithm] : [];
  return store.incoming.receive(readParts(parts), names);
}

async function* readParts(parts: readonly UploadPart[]): AsyncGenerator<Uint8Array> {
  for (const part of parts)
    yield* createReadStream(part.filePath, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}

function checksumOfWhole(
  upload: Upload,
  parts: readonly UploadPart[],
  content: ReceivedContent,
): StoredChecksum | undefined {
  if (upload.checksum === undefined) return undefined;
  const { algorithm, type } = upload.checksum;
  if (type === 'FULL_OBJECT')
    return { algorithm, type, value: content.digests.get(algorithm)!.toString('base64') };
  const values = parts.map(({ checksum }) => checksum?.value);
  // A composite checksum is one of the parts' checksums, and there is none if a part came without.
  if (values.includes(undefined)) return undefined;
  const digest = digestOf(
    algorithm,
    Buffer.concat(values.map((value) => Buffer.from(value ?? '', 'base64'))),
  );
  return { algorithm, type, value: `${digest.toString('base64')}-${parts.length}` };
}

function checkObjectChecksum({ headers }: ObjectRequest, checksum: StoredChecksum | undefined): void {
  if (checksum === undefined) return;
  const declared = headers.get(headerOf(checksum.algorithm));
  if (declared !== undefined && declared.replace(/-\d+$/, '') !== checksum.value.replace(/-\d+$/, '')) {
    throw new ServiceError(
      'BadDigest',
      `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
    );
  }
}

/** The MD5 of the parts' MD5s, and their number. */
function etagOfParts(parts: readonly UploadPart[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.etag, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
}

export function listParts(request: ObjectRequest, place: ObjectPlace): WireReply {
  const upload = uploadOf(request, place);
  const maxParts = countParameter(request, 'max-parts', maxListed);
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  if (!Number.isInteger(marker) || marker < 0) {
    throw invalidArgument(
      'Argument part-number-marker must be an integer.',
      'part-number-marker',
      String(marker),
    );
  }
  const after = [...upload.parts.values()]
    .filter((part) => part.number > marker)
    .sort((a, b) => a.number - b.number);
  const page = after.slice(0, maxParts);
  const isTruncated = maxParts > 0 && after.length > page.length;
  const header = textElements({
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    StorageClass: 'STANDARD',
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
  });
  const parts = page.map((part) =>
    element(
      'Part',
      textElements({
        PartNumber: part.number,
        LastModified: isoTime(part.lastModifiedMs),
        ETag: quoted(part.etag),
        Size: part.sizeBytes,
        ...(part.checksum && { [`Checksum${part.checksum.algorithm}`]: part.checksum.value }),
      }),
    ),
  );
  return xmlReply(element('ListPartsResult', header + parts.join(''), s3Namespace));
}

export function listMultipartUploads(request: ObjectRequest, place: ObjectPlace): WireReply {
  bucketOf(request, place);
  const { query } = request;
  const encode = keyEncoder(request);
  const maxUploads = countParameter(request, 'max-uploads', maxListed);
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const page = uploadPage(place.store.uploads.list(request.bucket), {
    prefix,
    delimiter,
    keyMarker,
    idMarker,
    maxUploads,
  });
  const header = textElements({
    Bucket: request.bucket,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: page.next && encode(page.next.keyMarker),
    NextUploadIdMarker: page.next?.idMarker,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxUploads: maxUploads,
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.next !== undefined,
  });
  const uploads = page.uploads.map((upload) =>
    element(
      'Upload',
      textElements({
        UploadId: upload.id,
        Key: encode(upload.key),
        Initiated: isoTime(upload.initiatedMs),
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: upload.checksum?.algorithm,
        ChecksumType: upload.checksum?.type,
      }),
    ),
  );
  const prefixes = commonPrefixesXml(page.commonPrefixes, encode);
  return xmlReply(element('ListMultipartUploadsResult', header + uploads.join('') + prefixes, s3Namespace));
}

interface UploadPageQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly idMarker: string;
  readonly maxUploads: number;
}

interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly commonPrefixes: readonly string[];
  readonly next?: { readonly keyMarker: string; readonly idMarker: string };
}

function uploadPage(sorted: readonly Upload[], query: UploadPageQuery): UploadPage {
  const { prefix, delimiter, keyMarker, idMarker, maxUploads } = query;
  const uploads: Upload[] = [];
  const commonPrefixes: string[] = [];
  let last: { keyMarker: string; idMarker: string } | undefined;
  for (const upload of sorted.slice(positionAfter(sorted, keyMarker, idMarker))) {
    if (!upload.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : upload.key.slice(0, end + delimiter.length);
    // Uploads of a common prefix that this page, or the one before, already has.
    if (common !== undefined && (common === commonPrefixes.at(-1) || common === keyMarker)) continue;
    if (uploads.length + commonPrefixes.length >= maxUploads) {
      return { uploads, commonPrefixes, ...(last && { next: last }) };
    }
    if (common === undefined) uploads.push(upload);
    else commonPrefixes.push(common);
    last =
      common === undefined
        ? { keyMarker: upload.key, idMarker: upload.id }
        : { keyMarker: common, idMarker: '' };
  }
  return { uploads, commonPrefixes };
}

/** Where the uploads after the markers begin. A key alone leaves out all the uploads to that key. */
function positionAfter(sorted: readonly Upload[], keyMarker: string, idMarker: string): number {
  if (keyMarker === '') return 0;
  const exact = sorted.findIndex((upload) => upload.key === keyMarker && upload.id === idMarker);
  if (exact >= 0) return exact + 1;
  const position = sorted.findIndex(
    ({ key, id }) =>
      compareUtf8(key, keyMarker) > 0 || (key === keyMarker && idMarker !== '' && id > idMarker),
  );
  return position < 0 ? sorted.length : position;
}

function parsePartNumber({ query }: ObjectRequest): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < 1 || number > maxPartNumber) {
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      text,
    );
  }
  return number;
}

function uploadOf(request: ObjectRequest, place: ObjectPlace): Upload {
  bucketOf(request, place);
  const upload = place.store.uploads.find(request.query.get('uploadId') ?? '', request.bucket, request.key);
  if (upload === undefined) throw noSuchUpload();
  return upload;
}

function noSuchUpload(): ServiceError {
  return new ServiceError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
  );
}
