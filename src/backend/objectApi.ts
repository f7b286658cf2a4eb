/** S3 operations on objects: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
import { createReadStream, openSync } from 'node:fs';
import type { ChecksumAlgorithm } from './checksums.ts';
import type { ReceivedContent } from './incoming.ts';
import type { ObjectAttributes, StoredChecksum } from './objectAttributes.ts';
import { headerOf, parseAlgorithm } from './objectBody.ts';
import {
  type ByteRange,
  checkReadConditions,
  checkWriteConditions,
  parseRange,
  preconditionFailed,
} from './objectConditions.ts';
import {
  type ObjectPlace,
  type ObjectRequest,
  bucketOf,
  emptyReply,
  invalidArgument,
  isoTime,
  noSuchBucket,
  objectOf,
  quoted,
  s3Namespace,
  xmlReply,
} from './objectRequest.ts';
import type { StoredObject } from './objectStore.ts';
import { decodePercent } from './uri.ts';
import { type WireReply, ServiceError } from './wire.ts';
import { element, textElements } from './xml.ts';

export async function putObject(request: ObjectRequest, place: ObjectPlace): Promise<WireReply> {
  const index = bucketOf(request, place);
  // Refused before the body is sent, where that is known already.
  checkWriteConditions(request.headers, index.get(request.key), request.key);
  const attributes = parseAttributes(request);
  const { content, checksum } = await receiveBody(request, place);
  const etag = content.digests.get('MD5')!.toString('hex');
  const stored = storeContent(request, place, content, etag, { ...attributes, checksum });
  return emptyReply(200, { ETag: quoted(stored.etag), ...checksumHeaders(stored.checksum) });
}

/** Writes the request's body to a file and checks it; nothing is left when it fails. */
export async function receiveBody(
  { body }: ObjectRequest,
  { store }: ObjectPlace,
): Promise<{ content: ReceivedContent; checksum: StoredChecksum | undefined }> {
  const content = await store.incoming.receive(body.bytes(), body.digestNames);
  try {
    return { content, checksum: body.check(content.digests) };
  } catch (error) {
    store.incoming.discard(content);
    throw error;
  }
}

/** Makes content an object, if what the request demanded still holds after all the time that the content took. */
export function storeContent(
  request: ObjectRequest,
  { store }: ObjectPlace,
  content: ReceivedContent,
  etag: string,
  attributes: ObjectAttributes,
): StoredObject {
  try {
    const index = store.indexOf(request.bucket);
    if (index === undefined) throw noSuchBucket(request.bucket);
    checkWriteConditions(request.headers, index.get(request.key), request.key);
  } catch (error) {
    store.incoming.discard(content);
    throw error;
  }
  return store.store(request.bucket, request.key, content, etag, attributes);
}

/** Headers that are kept with an object and given back with it. */
const keptHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const metadataPrefix = 'x-amz-meta-';
const maxMetadataBytes = 2048;

/** What the request's headers say about the object to be. */
export function parseAttributes({ headers }: ObjectRequest): ObjectAttributes {
  const kept: Record<string, string> = {};
  const metadata: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (keptHeaders.includes(name)) kept[name] = value;
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = value;
  }
  // How the body came over the wire is no property of the object.
  const encoding = (kept['content-encoding'] ?? '')
    .split(',')
    .filter((part) => part.trim() !== 'aws-chunked');
  delete kept['content-encoding'];
  if (encoding.join('').trim() !== '') kept['content-encoding'] = encoding.join(',').trim();
  if (Object.entries(metadata).flat().join('').length > maxMetadataBytes) {
    throw new ServiceError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      400,
      { MaxSizeAllowed: String(maxMetadataBytes) },
    );
  }
  return { contentType: headers.get('content-type'), headers: kept, metadata };
}

export function getObject(request: ObjectRequest, place: ObjectPlace): WireReply {
  const reading = readObject(request, place);
  if (reading.kind === 'notModified') return reading.reply;
  const { object, range, status, headers } = reading;
  // Opened here and not while sending: until the next await nobody can replace or delete the object.
  const descriptor = openSync(object.filePath, 'r');
  return { status, headers, body: { descriptor, ...range } };
}

export function headObject(request: ObjectRequest, place: ObjectPlace): WireReply {
  const reading = readObject(request, place);
  if (reading.kind === 'notModified') return reading.reply;
  return {
    status: reading.status,
    headers: { ...reading.headers, 'Content-Length': String(reading.range.length) },
  };
}

type Reading =
  | { readonly kind: 'notModified'; readonly reply: WireReply }
  | {
      readonly kind: 'proceed';
      readonly object: StoredObject;
      readonly range: ByteRange;
      readonly status: number;
      readonly headers: Record<string, string>;
    };

function readObject(request: ObjectRequest, place: ObjectPlace): Reading {
  const object = objectOf(request, place);
  const identity = {
    ETag: quoted(object.etag),
    'Last-Modified': new Date(object.lastModifiedMs).toUTCString(),
  };
  if (checkReadConditions(request.headers, object) === 'notModified') {
    return { kind: 'notModified', reply: { status: 304, headers: identity } };
  }
  const part = parseRange(request.headers.get('range'), object.sizeBytes);
  const range = part ?? { start: 0, length: object.sizeBytes };
  const headers: Record<string, string> = {
    ...identity,
    'Accept-Ranges': 'bytes',
    ...attributeHeaders(object),
  };
  for (const [name, value] of request.query) {
    const overridden =
      /^response-(content-type|cache-control|content-(?:disposition|encoding|language)|expires)$/.exec(name);
    if (overridden?.[1] === undefined) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value);
    }
    headers[overridden[1]] = value;
  }
  if (part !== undefined) {
    const lastByte = range.start + range.length - 1;
    headers['Content-Range'] = `bytes ${range.start}-${lastByte}/${object.sizeBytes}`;
  } else if (request.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED') {
    // The checksum is the whole object's: with a part of it, clients would compare and fail.
    Object.assign(headers, checksumHeaders(object.checksum));
  }
  return { kind: 'proceed', object, range, status: part === undefined ? 200 : 206, headers };
}

function attributeHeaders(object: StoredObject): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(
    ([name, value]) => [metadataPrefix + name, value] as const,
  );
  return {
    'content-type': object.contentType ?? 'binary/octet-stream',
    ...object.headers,
    ...Object.fromEntries(metadata),
  };
}

export function checksumHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** A checksum as XML answers have it. */
export function checksumXml(checksum: StoredChecksum | undefined): string {
  if (checksum === undefined) return '';
  return textElements({ [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type });
}

export function deleteObject(request: ObjectRequest, place: ObjectPlace): WireReply {
  bucketOf(request, place);
  place.store.deleteObject(request.bucket, request.key);
  return emptyReply(204);
}

export async function copyObject(request: ObjectRequest, place: ObjectPlace): Promise<WireReply> {
  bucketOf(request, place);
  const source = copySource(request, place);
  const isReplacing = parseDirective(request) === 'REPLACE';
  if (!isReplacing && source.bucket === request.bucket && source.key === request.key) {
    throw new ServiceError(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing the ' +
        "object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const attributes = isReplacing ? parseAttributes(request) : source;
  const { content, checksum } = await receiveCopy(request, place, source, source.checksum?.algorithm);
  const etag = content.digests.get('MD5')!.toString('hex');
  const stored = storeContent(request, place, content, etag, { ...attributes, checksum });
  const result = textElements({ LastModified: isoTime(stored.lastModifiedMs), ETag: quoted(stored.etag) });
  return xmlReply(element('CopyObjectResult', result + checksumXml(stored.checksum), s3Namespace));
}

/** The object that a copy is of; throws when it isn't there or isn't as the request wants it. */
export function copySource(request: ObjectRequest, place: ObjectPlace): StoredObject {
  const header = request.headers.get('x-amz-copy-source') ?? '';
  const match = /^\/?([^/?]+)\/([^?]+)(?:\?versionId=null)?$/.exec(header);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    );
  }
  const object = objectOf({ bucket: decodePercent(match[1]), key: decodePercent(match[2]) }, place);
  if (checkReadConditions(request.headers, object, 'x-amz-copy-source-') === 'notModified') {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
  return object;
}

/** Copies an object's bytes, or some of them, into content of its own. */
export async function receiveCopy(
  { headers }: ObjectRequest,
  { store }: ObjectPlace,
  source: StoredObject,
  defaultAlgorithm: ChecksumAlgorithm | undefined,
  range: ByteRange = { start: 0, length: source.sizeBytes },
): Promise<{ content: ReceivedContent; checksum: StoredChecksum | undefined }> {
  const wanted = headers.get('x-amz-checksum-algorithm');
  const algorithm = wanted === undefined ? defaultAlgorithm : parseAlgorithm(wanted);
  const names = algorithm === undefined ? (['MD5'] as const) : (['MD5', algorithm] as const);
  const content = await store.incoming.receive(readRange(source, range), names);
  const checksum: StoredChecksum | undefined = algorithm && {
    algorithm,
    value: content.digests.get(algorithm)!.toString('base64'),
    type: 'FULL_OBJECT',
  };
  return { content, checksum };
}

function readRange(
  source: StoredObject,
  { start, length }: ByteRange,
): AsyncIterable<Uint8Array> | Uint8Array[] {
  if (length === 0) return [];
  // Opened at once, since the source may be replaced while it is read.
  const fd = openSync(source.filePath, 'r');
  return createReadStream('', { fd, start, end: start + length - 1 }) as AsyncIterable<Uint8Array>;
}

function parseDirective({ headers }: ObjectRequest): 'COPY' | 'REPLACE' {
  const directive = headers.get('x-amz-metadata-directive') ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive;
  throw invalidArgument('Unknown metadata directive.', 'x-amz-metadata-directive', directive);
}
