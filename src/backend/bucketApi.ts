/** S3 operations on buckets: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
import { type ListingPage, formatToken, listPage, parseToken } from './objectListing.ts';
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
import { type StoredObject, isBucketName } from './objectStore.ts';
import { encodePercent } from './uri.ts';
import { type WireReply, ServiceError } from './wire.ts';
import { childText, element, parseXml, textElements } from './xml.ts';

const maxListed = 1000;

export function listBuckets(_request: ObjectRequest, { store, accountId }: ObjectPlace): WireReply {
  const buckets = store
    .listBuckets()
    .map(({ name, createdMs }) =>
      element('Bucket', textElements({ Name: name, CreationDate: isoTime(createdMs) })),
    );
  const owner = element('Owner', textElements({ ID: accountId }));
  return xmlReply(
    element('ListAllMyBucketsResult', owner + element('Buckets', buckets.join('')), s3Namespace),
  );
}

export async function createBucket(
  request: ObjectRequest,
  { store, region }: ObjectPlace,
): Promise<WireReply> {
  const { bucket } = request;
  if (!isBucketName(bucket)) {
    throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
      BucketName: bucket,
    });
  }
  checkLocation(await request.body.readDocument('document'), region);
  if (store.hasBucket(bucket)) {
    // The real service answers 200 in us-east-1 alone, for the sake of old clients.
    if (region === 'us-east-1') return emptyReply(200, { Location: `/${bucket}` });
    throw new ServiceError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: bucket },
    );
  }
  store.ensureBucket(bucket);
  return emptyReply(200, { Location: `/${bucket}` });
}

/** A bucket can only be made where this backend is; us-east-1 is the place that is never named. */
function checkLocation(document: string, region: string): void {
  const location = document.trim() === '' ? undefined : parseLocation(document);
  if ((location ?? 'us-east-1') === region && (region !== 'us-east-1' || location === undefined)) return;
  if (location === undefined || location === 'us-east-1') {
    throw new ServiceError(
      'IllegalLocationConstraintException',
      `The ${location ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this ` +
        'request was sent to.',
    );
  }
  throw new ServiceError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
    LocationConstraint: location,
  });
}

function parseLocation(document: string): string | undefined {
  const root = parseXml(document);
  if (root?.name !== 'CreateBucketConfiguration') throw malformedXml();
  return childText(root, 'LocationConstraint');
}

export function headBucket(request: ObjectRequest, place: ObjectPlace): WireReply {
  bucketOf(request, place);
  return emptyReply(200, { 'Content-Type': 'application/xml' });
}

export function deleteBucket(request: ObjectRequest, place: ObjectPlace): WireReply {
  if (bucketOf(request, place).size > 0) {
    throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
      BucketName: request.bucket,
    });
  }
  place.store.deleteBucket(request.bucket);
  return emptyReply(204);
}

export function getBucketLocation(request: ObjectRequest, place: ObjectPlace): WireReply {
  bucketOf(request, place);
  return xmlReply(
    element('LocationConstraint', place.region === 'us-east-1' ? '' : place.region, s3Namespace),
  );
}

export function listObjectsV2(request: ObjectRequest, place: ObjectPlace): WireReply {
  const index = bucketOf(request, place);
  const { query } = request;
  const [token, startAfter] = [query.get('continuation-token'), query.get('start-after') ?? ''];
  const position =
    token !== undefined
      ? parseToken(token)
      : startAfter === ''
        ? ({ kind: 'start' } as const)
        : ({ kind: 'afterKey', text: startAfter } as const);
  if (position === undefined) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token ?? '');
  }
  const listing = parseListing(request);
  const page = listPage(index, { ...listing, position });
  const owner = query.get('fetch-owner') === 'true' ? place.accountId : undefined;
  return xmlReply(
    element(
      'ListBucketResult',
      textElements({
        Name: request.bucket,
        Prefix: listing.encode(listing.prefix),
        Delimiter: listing.delimiter === '' ? undefined : listing.encode(listing.delimiter),
        StartAfter: startAfter === '' ? undefined : listing.encode(startAfter),
        ContinuationToken: token,
        NextContinuationToken: page.next && formatToken(page.next),
        KeyCount: page.objects.length + page.commonPrefixes.length,
        MaxKeys: listing.maxKeys,
        EncodingType: query.get('encoding-type'),
        IsTruncated: page.next !== undefined,
      }) + pageXml(page, listing.encode, owner),
      s3Namespace,
    ),
  );
}

/** The older listing, which the resources of boto3 (and with them the SageMaker Python SDK) still use. */
export function listObjects(request: ObjectRequest, place: ObjectPlace): WireReply {
  const index = bucketOf(request, place);
  const listing = parseListing(request);
  const marker = request.query.get('marker') ?? '';
  // A marker may be the common prefix that ended the page before: the next page is what comes after all of its keys.
  const { prefix, delimiter } = listing;
  const isPrefix = delimiter !== '' && marker.length > prefix.length && marker.endsWith(delimiter);
  const position =
    marker === ''
      ? ({ kind: 'start' } as const)
      : ({ kind: isPrefix ? 'afterPrefix' : 'afterKey', text: marker } as const);
  const page = listPage(index, { ...listing, position });
  return xmlReply(
    element(
      'ListBucketResult',
      textElements({
        Name: request.bucket,
        Prefix: listing.encode(listing.prefix),
        Marker: listing.encode(marker),
        NextMarker: page.next && listing.delimiter !== '' ? listing.encode(page.next.text) : undefined,
        Delimiter: listing.delimiter === '' ? undefined : listing.encode(listing.delimiter),
        MaxKeys: listing.maxKeys,
        EncodingType: request.query.get('encoding-type'),
        IsTruncated: page.next !== undefined,
      }) + pageXml(page, listing.encode, place.accountId),
      s3Namespace,
    ),
  );
}

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** How keys are written: as they are, or percent-encoded because XML can't hold every character. */
  readonly encode: (key: string) => string;
}

function parseListing(request: ObjectRequest): Listing {
  const { query } = request;
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: countParameter(request, 'max-keys', maxListed),
    encode: keyEncoder(request),
  };
}

/** How the keys of a listing are to be written; throws InvalidArgument for an encoding that isn't known. */
export function keyEncoder({ query }: ObjectRequest): (key: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === undefined) return (key) => key;
  if (encoding !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  return (key) => key.split('/').map(encodePercent).join('/');
}

function pageXml(page: ListingPage, encode: (key: string) => string, owner: string | undefined): string {
  const contents = page.objects.map((object) => element('Contents', contentXml(object, encode, owner)));
  return contents.join('') + commonPrefixesXml(page.commonPrefixes, encode);
}

export function commonPrefixesXml(prefixes: readonly string[], encode: (key: string) => string): string {
  return prefixes
    .map((prefix) => element('CommonPrefixes', textElements({ Prefix: encode(prefix) })))
    .join('');
}

function contentXml(
  object: StoredObject,
  encode: (key: string) => string,
  owner: string | undefined,
): string {
  return (
    textElements({
      Key: encode(object.key),
      LastModified: isoTime(object.lastModifiedMs),
      ETag: quoted(object.etag),
      ChecksumAlgorithm: object.checksum?.algorithm,
      ChecksumType: object.checksum?.type,
      Size: object.sizeBytes,
      StorageClass: 'STANDARD',
    }) + (owner === undefined ? '' : element('Owner', textElements({ ID: owner })))
  );
}

/** The most keys of one DeleteObjects request. */
const maxDeleted = 1000;

export async function deleteObjects(request: ObjectRequest, place: ObjectPlace): Promise<WireReply> {
  bucketOf(request, place);
  if (request.body.checksumAlgorithm === undefined && !request.headers.has('content-md5')) {
    throw new ServiceError(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  const root = parseXml(await request.body.readDocument('document'));
  if (root?.name !== 'Delete') throw malformedXml();
  const keys = root.children.filter(({ name }) => name === 'Object').map((child) => childText(child, 'Key'));
  if (keys.length === 0 || keys.length > maxDeleted) throw malformedXml();
  const deleted: string[] = [];
  for (const key of keys) {
    if (key === undefined || key === '') throw malformedXml();
    deleted.push(key);
  }
  for (const key of deleted) place.store.deleteObject(request.bucket, key);
  const isQuiet = childText(root, 'Quiet') === 'true';
  const results = isQuiet ? [] : deleted.map((key) => element('Deleted', textElements({ Key: key })));
  return xmlReply(element('DeleteResult', results.join(''), s3Namespace));
}
