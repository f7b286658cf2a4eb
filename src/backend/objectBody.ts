import { AwsChunkedBody } from './awsChunked.ts';
import {
  type ChecksumAlgorithm,
  type DigestName,
  checksumAlgorithms,
  digestBytes,
  digestOf,
} from './checksums.ts';
import type { StoredChecksum } from './objectAttributes.ts';
import type { VerifiedSignature } from './signature.ts';
import { type WireRequest, ServiceError, readBody } from './wire.ts';

/** More than the thousand keys of a DeleteObjects request, or the ten thousand parts of a completed upload, take. */
const maxDocumentBytes = 8 * 1024 * 1024;
/** The largest object, or part, of a single request. */
const maxContentBytes = 5 * 1024 ** 3;

/**
 * The body of an S3 request: unwrapped from aws-chunked, and checked against all that the request says about it (length,
 * signed hash, Content-MD5, checksum header or trailer).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export class ObjectBody {
  readonly #request: WireRequest;
  readonly #payloadHash: string;
  readonly #signature: VerifiedSignature;
  readonly #declared:
    { readonly algorithm: ChecksumAlgorithm; readonly value: string | undefined } | undefined;
  #chunked: AwsChunkedBody | undefined;

  constructor(request: WireRequest, signature: VerifiedSignature) {
    this.#request = request;
    this.#signature = signature;
    this.#payloadHash = signature.payloadHash;
    this.#declared = declaredChecksum(request);
  }

  /** The algorithm of the checksum that comes with the body. */
  get checksumAlgorithm(): ChecksumAlgorithm | undefined {
    return this.#declared?.algorithm;
  }

  /** What has to be computed while reading, for `check` to work. MD5 always: it is the ETag. */
  get digestNames(): readonly DigestName[] {
    const names: DigestName[] = ['MD5'];
    if (this.#declared !== undefined) names.push(this.#declared.algorithm);
    if (isSha256(this.#payloadHash)) names.push('SHA256');
    return names;
  }

  /** The content's bytes. Throws MissingContentLength or EntityTooLarge before any is read. */
  bytes(): AsyncIterable<Uint8Array> {
    const { headers } = this.#request;
    const mode = this.#payloadHash;
    const isChunked = mode.startsWith('STREAMING-');
    if (!isChunked && mode !== 'UNSIGNED-PAYLOAD' && !isSha256(mode)) {
      throw new ServiceError(
        'InvalidArgument',
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, ' +
          'STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
      );
    }
    const length = headers.get(isChunked ? 'x-amz-decoded-content-length' : 'content-length');
    if (length === undefined || !/^\d+$/.test(length)) {
      throw new ServiceError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
    }
    if (Number(length) > maxContentBytes) {
      throw new ServiceError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
        ProposedSize: length,
        MaxSizeAllowed: String(maxContentBytes),
      });
    }
    if (!isChunked) return this.#request.body();
    const seed = this.#chunkSeed();
    this.#chunked = new AwsChunkedBody(this.#request.body(), { seed, decodedLength: Number(length) });
    return this.#chunked;
  }

  /** Compares what was read with what was declared, and gives the checksum to keep; throws BadDigest and the like. */
  check(digests: ReadonlyMap<DigestName, Buffer>): StoredChecksum | undefined {
    this.#checkHashAndMd5((name) => digests.get(name)!);
    if (this.#declared === undefined) return undefined;
    const { algorithm, value } = this.#declared;
    const actual = digests.get(algorithm)!.toString('base64');
    const expected = value ?? this.#trailer(algorithm);
    if (expected !== actual) {
      throw new ServiceError(
        'BadDigest',
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    }
    return { algorithm, value: actual, type: 'FULL_OBJECT' };
  }

  /**
   * Reads a document (XML) into memory. Its checksum is compared too if it is the document's: that of
   * CompleteMultipartUpload is the object's.
   */
  async readDocument(checksumOf: 'document' | 'object'): Promise<string> {
    const isChunked = this.#payloadHash.startsWith('STREAMING-');
    // A document may come without a length, or not at all, which then is an empty one.
    const source = isChunked ? this.bytes() : this.#request.body();
    const bytes = await readBody(source, maxDocumentBytes, 'MaxMessageLengthExceeded');
    const digest = (name: DigestName): Buffer => digestOf(name, bytes);
    if (checksumOf === 'document') this.check(new Map(this.digestNames.map((name) => [name, digest(name)])));
    else this.#checkHashAndMd5(digest);
    return bytes.toString('utf8');
  }

  #checkHashAndMd5(digest: (name: DigestName) => Buffer): void {
    const declaredMd5 = this.#request.headers.get('content-md5');
    if (declaredMd5 !== undefined) {
      if (!isBase64Digest('MD5', declaredMd5)) {
        throw new ServiceError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
      }
      if (digest('MD5').toString('base64') !== declaredMd5) {
        throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
      }
    }
    if (isSha256(this.#payloadHash) && digest('SHA256').toString('hex') !== this.#payloadHash) {
      throw new ServiceError(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
  }

  #chunkSeed(): VerifiedSignature['seed'] | undefined {
    switch (this.#payloadHash) {
      case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
        return undefined;
      case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
        return this.#signature.seed;
      default:
        throw new ServiceError(
          'NotImplemented',
          `The payload signature ${this.#payloadHash} is not supported.`,
          501,
        );
    }
  }

  #trailer(algorithm: ChecksumAlgorithm): string {
    const value = this.#chunked?.trailers.get(headerOf(algorithm));
    if (value === undefined) {
      throw new ServiceError(
        'MalformedTrailerError',
        `The trailer ${headerOf(algorithm)} was announced and did not come.`,
      );
    }
    return value;
  }
}

/** The header, or trailer, that carries a checksum. */
export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Parses the name of a checksum algorithm; throws InvalidRequest for one that isn't known. */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((known) => known === name.toUpperCase());
  if (algorithm === undefined) {
    throw new ServiceError(
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, SHA1, SHA256]',
    );
  }
  return algorithm;
}

function declaredChecksum(
  request: WireRequest,
): { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined {
  const trailers = (request.headers.get('x-amz-trailer') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const found = checksumAlgorithms.filter(
    (algorithm) => request.headers.has(headerOf(algorithm)) || trailers.includes(headerOf(algorithm)),
  );
  if (request.headers.has('x-amz-checksum-crc64nvme') || trailers.includes('x-amz-checksum-crc64nvme')) {
    throw new ServiceError('NotImplemented', 'CRC64NVME checksums are not implemented.', 501);
  }
  if (found.length > 1) {
    throw new ServiceError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [algorithm] = found;
  if (algorithm === undefined) return undefined;
  const value = request.headers.get(headerOf(algorithm));
  // A composite checksum (of CompleteMultipartUpload) has the number of parts at its end.
  if (value !== undefined && !isBase64Digest(algorithm, value.replace(/-\d+$/, ''))) {
    throw new ServiceError('InvalidRequest', `Value for ${headerOf(algorithm)} header is invalid.`);
  }
  return { algorithm, value };
}

function isBase64Digest(name: DigestName, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === digestBytes[name] && bytes.toString('base64') === value;
}

function isSha256(payloadHash: string): boolean {
  return /^[0-9a-f]{64}$/.test(payloadHash);
}
