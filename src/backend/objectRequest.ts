import type { ObjectBody } from './objectBody.ts';
import type { ObjectIndex } from './objectIndex.ts';
import type { ObjectStore, StoredObject } from './objectStore.ts';
import { type WireHeaders, type WireReply, ServiceError } from './wire.ts';
import { xmlDocument } from './xml.ts';

/** An S3 request that was believed, taken apart. */
export interface ObjectRequest {
  readonly method: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: WireHeaders;
  readonly body: ObjectBody;
}

/** Where S3 operations happen. */
export interface ObjectPlace {
  readonly store: ObjectStore;
  readonly region: string;
  readonly accountId: string;
}

export type ObjectOperation = (request: ObjectRequest, place: ObjectPlace) => WireReply | Promise<WireReply>;

export const s3Namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The objects of the request's bucket; throws NoSuchBucket. */
export function bucketOf(
  request: { readonly bucket: string },
  { store }: ObjectPlace,
): ObjectIndex<StoredObject> {
  const index = store.indexOf(request.bucket);
  if (index === undefined) throw noSuchBucket(request.bucket);
  return index;
}

/** The object of the request's bucket and key; throws NoSuchBucket or NoSuchKey. */
export function objectOf(
  request: { readonly bucket: string; readonly key: string },
  place: ObjectPlace,
): StoredObject {
  const object = bucketOf(request, place).get(request.key);
  if (object === undefined) {
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: request.key });
  }
  return object;
}

export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
}

export function invalidArgument(message: string, name: string, value: string): ServiceError {
  return new ServiceError('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value });
}

export function malformedXml(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** A whole number of the query, cut to a greatest one, as S3 does it. */
export function countParameter(request: ObjectRequest, name: string, greatest: number): number {
  const text = request.query.get(name);
  if (text === undefined || text === '') return greatest;
  const value = Number(text);
  if (!/^-?\d+$/.test(text))
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  if (value < 0 || value > 2 ** 31 - 1) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, text);
  }
  return Math.min(value, greatest);
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** As S3 writes times in XML. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function xmlReply(
  root: string,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): WireReply {
  return { status, headers: { 'Content-Type': 'application/xml', ...headers }, body: xmlDocument(root) };
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): WireReply {
  return { status, headers: status === 204 ? headers : { 'Content-Length': '0', ...headers } };
}
