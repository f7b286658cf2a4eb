import type { Front } from './front.ts';
import {
  createBucket,
  deleteBucket,
  deleteObjects,
  getBucketLocation,
  headBucket,
  listBuckets,
  listObjects,
  listObjectsV2,
} from './bucketApi.ts';
import { copyObject, deleteObject, getObject, headObject, putObject } from './objectApi.ts';
import { ObjectBody } from './objectBody.ts';
import type { ObjectOperation, ObjectPlace, ObjectRequest } from './objectRequest.ts';
import { type SignatureError, type SigningKeys, verifySignature } from './signature.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './uploadApi.ts';
import { decodePercent, parseQuery } from './uri.ts';
import { type WireReply, type WireRequest, ServiceError } from './wire.ts';
import { element, textElements, xmlDocument } from './xml.ts';

const maxKeyBytes = 1024;

/**
 * S3 over REST and XML, with buckets in the path.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAPI.html
 */
export class ObjectFront implements Front {
  readonly name = 's3';

  constructor(
    private readonly place: ObjectPlace,
    private readonly keys: SigningKeys,
  ) {}

  async answer(request: WireRequest): Promise<WireReply> {
    const signature = verifySignature(
      request,
      this.keys,
      { service: 's3', region: this.place.region },
      Date.now(),
    );
    const objectRequest: ObjectRequest = {
      ...parsePath(request.path),
      method: request.method,
      query: new Map(parseQuery(request.query).map(({ name, value }) => [name, value])),
      headers: request.headers,
      body: new ObjectBody(request, signature),
    };
    this.#checkOwner(objectRequest);
    const reply = await chooseOperation(objectRequest)(objectRequest, this.place);
    return { ...reply, headers: { ...this.#commonHeaders(request), ...reply.headers } };
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
  signatureError({ fault, message }: SignatureError): ServiceError {
    switch (fault) {
      case 'missing':
        return new ServiceError('AccessDenied', 'Access Denied', 403);
      case 'incomplete':
        return new ServiceError('AuthorizationHeaderMalformed', message, 400);
      case 'wrongService':
        return new ServiceError('AuthorizationHeaderMalformed', message, 400);
      case 'wrongRegion':
        return new ServiceError(
          'AuthorizationHeaderMalformed',
          `The authorization header is malformed; ${message}`,
          400,
          {
            Region: this.place.region,
          },
        );
      case 'unknownKey':
        return new ServiceError(
          'InvalidAccessKeyId',
          'The AWS Access Key Id you provided does not exist in our records.',
          403,
        );
      case 'skewed':
        return new ServiceError('RequestTimeTooSkewed', message, 403);
      case 'expired':
        return new ServiceError('AccessDenied', message, 403);
      case 'mismatch':
        return new ServiceError('SignatureDoesNotMatch', message, 403);
    }
  }

  refuse(request: WireRequest, error: ServiceError): WireReply {
    const headers: Record<string, string> = {
      ...this.#commonHeaders(request),
      'Content-Type': 'application/xml',
    };
    const { ActualObjectSize } = error.details;
    if (ActualObjectSize !== undefined) headers['Content-Range'] = `bytes */${ActualObjectSize}`;
    // What a HEAD is refused with is its status: there is nowhere to put more.
    if (request.method === 'HEAD') return { status: error.httpStatus, headers };
    const elements = textElements({
      Code: error.code === 'InternalFailure' ? 'InternalError' : error.code,
      Message: error.message,
      ...error.details,
      Resource: request.path,
      RequestId: request.id,
      HostId: 'local',
    });
    return { status: error.httpStatus, headers, body: xmlDocument(element('Error', elements)) };
  }

  #commonHeaders(request: WireRequest): Record<string, string> {
    return {
      'x-amz-request-id': request.id,
      'x-amz-id-2': 'local',
      'x-amz-bucket-region': this.place.region,
    };
  }

  /** A client may say whose bucket it means, so as not to write into one that only has the right name. */
  #checkOwner({ headers }: ObjectRequest): void {
    for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
      const owner = headers.get(name);
      if (owner !== undefined && owner !== this.place.accountId) {
        throw new ServiceError('AccessDenied', 'Access Denied', 403);
      }
    }
  }
}

/** Takes `/bucket/key` apart. Everything after the bucket's slash is the key, whatever it looks like. */
function parsePath(path: string): { bucket: string; key: string } {
  const match = /^\/([^/]*)(?:\/(.*))?$/s.exec(path);
  if (match === null) throw new ServiceError('InvalidURI', "Couldn't parse the specified URI.");
  const [bucket, key] = [decodePercent(match[1] ?? ''), decodePercent(match[2] ?? '')];
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new ServiceError('KeyTooLongError', 'Your key is too long', 400, {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: String(maxKeyBytes),
    });
  }
  return { bucket, key };
}

/** Parts of S3 that are asked for by a query parameter and are not here. */
const missingSubresources: ReadonlySet<string> = new Set(
  (
    'accelerate acl analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle logging ' +
    'metadataConfiguration metadataTable metrics notification object-lock ownershipControls policy policyStatus ' +
    'publicAccessBlock replication requestPayment restore retention select session tagging torrent versioning ' +
    'versions website'
  ).split(' '),
);

function chooseOperation(request: ObjectRequest): ObjectOperation {
  const { bucket, key, query } = request;
  const missing = [...query.keys()].find((name) => missingSubresources.has(name));
  if (missing !== undefined || (query.has('versionId') && query.get('versionId') !== 'null')) {
    throw new ServiceError(
      'NotImplemented',
      `The subresource ${missing ?? 'versionId'} is not implemented.`,
      501,
    );
  }
  const operation =
    bucket === ''
      ? serviceOperation(request)
      : key === ''
        ? bucketOperation(request)
        : objectOperation(request);
  if (operation === undefined) {
    throw new ServiceError(
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      405,
      {
        Method: request.method,
      },
    );
  }
  return operation;
}

function serviceOperation({ method, key }: ObjectRequest): ObjectOperation | undefined {
  return method === 'GET' && key === '' ? listBuckets : undefined;
}

function bucketOperation({ method, query }: ObjectRequest): ObjectOperation | undefined {
  switch (method) {
    case 'PUT':
      return createBucket;
    case 'HEAD':
      return headBucket;
    case 'DELETE':
      return deleteBucket;
    case 'POST':
      return query.has('delete') ? deleteObjects : undefined;
    case 'GET':
      if (query.has('location')) return getBucketLocation;
      if (query.has('uploads')) return listMultipartUploads;
      return query.get('list-type') === '2' ? listObjectsV2 : listObjects;
    default:
      return undefined;
  }
}

function objectOperation({ method, query, headers }: ObjectRequest): ObjectOperation | undefined {
  const isUpload = query.has('uploadId');
  const isCopy = headers.has('x-amz-copy-source');
  switch (method) {
    case 'PUT':
      if (isUpload || query.has('partNumber')) return isCopy ? uploadPartCopy : uploadPart;
      return isCopy ? copyObject : putObject;
    case 'GET':
      return isUpload ? listParts : getObject;
    case 'HEAD':
      return headObject;
    case 'DELETE':
      return isUpload ? abortMultipartUpload : deleteObject;
    case 'POST':
      if (query.has('uploads')) return createMultipartUpload;
      return isUpload ? completeMultipartUpload : undefined;
    default:
      return undefined;
  }
}
