/**
 * Verifies AWS Signature Version 4, in the Authorization header or in the query of a presigned URL.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type QueryPair, decodePercent, encodePercent, parseQuery } from './uri.ts';
import type { WireHeaders } from './wire.ts';

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: WireHeaders;
  /** Hex SHA-256 of a body that was read already; S3 bodies are checked while they stream. */
  readonly bodySha256?: string;
}

/** The scope a request must be signed for; `undefined` accepts any. */
export interface ExpectedScope {
  readonly service?: string | undefined;
  readonly region?: string | undefined;
}

export interface VerifiedSignature {
  /** What was signed in place of the body: its hex SHA-256, or a word such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  /** What the signatures of an aws-chunked body continue from. */
  readonly seed: ChunkSeed;
}

export interface ChunkSeed {
  readonly signingKey: Buffer;
  readonly dateTime: string;
  readonly scope: string;
  readonly signature: string;
}

/** Why a request was not believed; each service has its own name for it. */
export type SignatureFault =
  | 'missing'
  | 'incomplete'
  | 'unknownKey'
  | 'wrongService'
  | 'wrongRegion'
  | 'skewed'
  | 'expired'
  | 'mismatch';

export class SignatureError extends Error {
  override readonly name = 'SignatureError';

  constructor(
    readonly fault: SignatureFault,
    message: string,
  ) {
    super(message);
  }
}

const algorithm = 'AWS4-HMAC-SHA256';
const maxSkewMs = 15 * 60 * 1000;
const maxExpirySeconds = 7 * 24 * 60 * 60;
const unsignedPayload = 'UNSIGNED-PAYLOAD';

/**
 * Checks that a request was signed with our keys, for the expected service and region, at about this time.
 * Throws a `SignatureError` otherwise.
 */
export function verifySignature(
  request: SignedRequest,
  keys: SigningKeys,
  expected: ExpectedScope,
  nowMs: number,
): VerifiedSignature {
  const query = parseQuery(request.query);
  const claim = headerClaim(request.headers) ?? queryClaim(query);
  if (claim === undefined) throw new SignatureError('missing', 'Missing Authentication Token');

  if (claim.accessKeyId !== keys.accessKeyId || claim.hasSessionToken) {
    // Our keys come without a session token, so a request that has one was signed with other keys.
    throw new SignatureError('unknownKey', 'The security token included in the request is invalid.');
  }
  checkScope(claim, expected);
  checkTime(claim, nowMs);
  if (!claim.signedHeaders.includes('host')) {
    throw new SignatureError('incomplete', "'Host' must be a signed header.");
  }

  const payloadHash = signedPayloadHash(request, claim);
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalValue(request.headers.get(name))}`),
    '',
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const signingKey = deriveKey(keys.secretAccessKey, claim);
  // Header values were decoded as Latin-1, and everything else is ASCII: this gives back the bytes that were sent.
  const requestHash = createHash('sha256').update(canonicalRequest, 'latin1').digest('hex');
  const stringToSign = [algorithm, claim.dateTime, claim.scope, requestHash].join('\n');
  const signature = createHmac('sha256', signingKey).update(stringToSign).digest('hex');
  const bodyIsSigned = request.bodySha256 === undefined || request.bodySha256 === payloadHash;
  if (!equalInConstantTime(signature, claim.signature) || !bodyIsSigned) {
    throw new SignatureError(
      'mismatch',
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method.',
    );
  }
  return { payloadHash, seed: { signingKey, dateTime: claim.dateTime, scope: claim.scope, signature } };
}

/** Compares two texts without telling by its duration where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What a request says about its own signature. */
interface Claim {
  readonly kind: 'header' | 'query';
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `date/region/service/aws4_request` */
  readonly scope: string;
  /** Such as `20260102T030405Z`. */
  readonly dateTime: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly hasSessionToken: boolean;
  /** How long a presigned URL is good for. */
  readonly expirySeconds?: number;
}

function headerClaim(headers: WireHeaders): Claim | undefined {
  const authorization = headers.get('authorization');
  if (authorization === undefined) return undefined;
  if (!authorization.startsWith(`${algorithm} `)) {
    throw new SignatureError('incomplete', `Unsupported authorization: only ${algorithm} is accepted.`);
  }
  const fields = new Map<string, string>();
  for (const part of authorization.slice(algorithm.length).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return {
    kind: 'header',
    ...parseCredential(fields.get('Credential')),
    dateTime: parseDateTime(headers.get('x-amz-date')),
    signedHeaders: required(fields.get('SignedHeaders'), 'SignedHeaders').split(';'),
    signature: required(fields.get('Signature'), 'Signature'),
    hasSessionToken: headers.has('x-amz-security-token'),
  };
}

function queryClaim(query: readonly QueryPair[]): Claim | undefined {
  const value = (name: string): string | undefined => query.find((pair) => pair.name === name)?.value;
  if (value('X-Amz-Algorithm') === undefined && value('X-Amz-Signature') === undefined) return undefined;
  if (value('X-Amz-Algorithm') !== algorithm) {
    throw new SignatureError('incomplete', `X-Amz-Algorithm only supports "${algorithm}".`);
  }
  const expires = required(value('X-Amz-Expires'), 'X-Amz-Expires');
  const expirySeconds = Number(expires);
  if (!/^\d+$/.test(expires) || expirySeconds > maxExpirySeconds) {
    throw new SignatureError('incomplete', `X-Amz-Expires must be from 0 to ${maxExpirySeconds} seconds.`);
  }
  return {
    kind: 'query',
    ...parseCredential(value('X-Amz-Credential')),
    dateTime: parseDateTime(value('X-Amz-Date')),
    signedHeaders: required(value('X-Amz-SignedHeaders'), 'X-Amz-SignedHeaders').split(';'),
    signature: required(value('X-Amz-Signature'), 'X-Amz-Signature'),
    hasSessionToken: value('X-Amz-Security-Token') !== undefined,
    expirySeconds,
  };
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') {
    throw new SignatureError('incomplete', `Authorization requires '${name}' parameter.`);
  }
  return value;
}

function parseCredential(
  credential: string | undefined,
): Pick<Claim, 'accessKeyId' | 'date' | 'region' | 'service' | 'scope'> {
  const [accessKeyId, date, region, service, end, more] = required(credential, 'Credential').split('/');
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request' || more !== undefined) {
    throw new SignatureError(
      'incomplete',
      'Credential must have the form access-key/date/region/service/aws4_request.',
    );
  }
  return { accessKeyId, date, region, service, scope: [date, region, service, end].join('/') };
}

function parseDateTime(text: string | undefined): string {
  const dateTime = required(text, 'X-Amz-Date');
  if (!/^\d{8}T\d{6}Z$/.test(dateTime) || Number.isNaN(millisecondsOf(dateTime))) {
    throw new SignatureError('incomplete', 'X-Amz-Date must have the form 20260102T030405Z.');
  }
  return dateTime;
}

function millisecondsOf(dateTime: string): number {
  return Date.parse(dateTime.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
}

function checkScope(claim: Claim, expected: ExpectedScope): void {
  if (expected.service !== undefined && claim.service !== expected.service) {
    throw new SignatureError(
      'wrongService',
      `Credential should be scoped to correct service: '${expected.service}'.`,
    );
  }
  if (expected.region !== undefined && claim.region !== expected.region) {
    throw new SignatureError(
      'wrongRegion',
      `the region '${claim.region}' is wrong; expecting '${expected.region}'`,
    );
  }
  if (!claim.dateTime.startsWith(claim.date)) {
    throw new SignatureError(
      'incomplete',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ` +
        `'${claim.date}' != '${claim.dateTime.slice(0, 8)}'.`,
    );
  }
}

function checkTime(claim: Claim, nowMs: number): void {
  const ageMs = nowMs - millisecondsOf(claim.dateTime);
  if (ageMs < -maxSkewMs || (claim.expirySeconds === undefined && ageMs > maxSkewMs)) {
    throw new SignatureError(
      'skewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  if (claim.expirySeconds !== undefined && ageMs > claim.expirySeconds * 1000) {
    throw new SignatureError('expired', 'Request has expired');
  }
}

function signedPayloadHash(request: SignedRequest, claim: Claim): string {
  const declared = request.headers.get('x-amz-content-sha256');
  if (
    declared !== undefined &&
    (claim.kind === 'header' || claim.signedHeaders.includes('x-amz-content-sha256'))
  ) {
    return declared;
  }
  if (claim.kind === 'query') return unsignedPayload;
  if (request.bodySha256 !== undefined) return request.bodySha256;
  throw new SignatureError('incomplete', 'Missing required header for this request: x-amz-content-sha256');
}

function canonicalPath(path: string): string {
  // S3 signs the path with each segment encoded once. The other services only have the path `/`.
  return path.split('/').map(encodeCanonical).join('/');
}

function canonicalQuery(query: readonly QueryPair[]): string {
  return query
    .filter((pair) => pair.name !== 'X-Amz-Signature')
    .map((pair) => ({ name: encodePercent(pair.name), value: encodePercent(pair.value) }))
    .sort((a, b) => (a.name === b.name ? compare(a.value, b.value) : compare(a.name, b.name)))
    .map((pair) => `${pair.name}=${pair.value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalValue(value: string | undefined): string {
  return (value ?? '').trim().replace(/ +/g, ' ');
}

/** Brings percent-encoding into the one form that signatures know, whatever form was sent. */
function encodeCanonical(text: string): string {
  return encodePercent(decodePercent(text));
}

function deriveKey(secretAccessKey: string, claim: Claim): Buffer {
  const steps = [claim.date, claim.region, claim.service, 'aws4_request'];
  return steps.reduce<Buffer>(
    (key, step) => createHmac('sha256', key).update(step).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
}
