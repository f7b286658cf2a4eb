import { createHash, createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { testKeys, testRegion } from './server.ts';

/** A request that no SDK would send, or not in this form. */
export interface RawRequest {
  readonly method?: string;
  /** Path and query, sent exactly as written. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly service?: string;
  readonly region?: string;
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly date?: Date;
  /** In place of the body's hash. */
  readonly payloadHash?: string;
  /** Headers that are changed after signing. */
  readonly tampered?: Readonly<Record<string, string>>;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request with a signature of its own making: the other half of what the server verifies. */
export function sendSigned(serverUrl: string, request: RawRequest): Promise<RawResponse> {
  const { headers } = signHeaders(serverUrl, request);
  return sendRaw(serverUrl, { ...request, headers: { ...headers, ...request.tampered } });
}

/** The headers of a request with those that sign it, and what chunk signatures continue from. */
export function signHeaders(
  serverUrl: string,
  request: RawRequest,
): { headers: Record<string, string>; signature: string; key: Buffer; scope: string; dateTime: string } {
  const {
    method = 'GET',
    path = '/',
    body = '',
    service = 's3',
    region = testRegion,
    keys = testKeys,
  } = request;
  const dateTime = (request.date ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, '');
  const payloadHash = request.payloadHash ?? sha256(body);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.headers?.['host'] ?? new URL(serverUrl).host,
    'x-amz-date': dateTime,
    'x-amz-content-sha256': payloadHash,
  };
  const names = Object.keys(headers).sort();
  const [pathname = '', query = ''] = path.split('?');
  const canonical = [
    method,
    pathname,
    query
      .split('&')
      .filter((part) => part !== '')
      .map((part) => (part.includes('=') ? part : `${part}=`))
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${headers[name]!.trim()}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n');
  const scope = `${dateTime.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = scope
    .split('/')
    .reduce<Buffer>((previous, step) => hmac(previous, step), Buffer.from(`AWS4${keys.secretAccessKey}`));
  const signature = hmac(key, ['AWS4-HMAC-SHA256', dateTime, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { headers, signature, key, scope, dateTime };
}

/** Sends exactly this. */
export function sendRaw(serverUrl: string, request: RawRequest): Promise<RawResponse> {
  const { hostname, port } = new URL(serverUrl);
  const { method = 'GET', path = '/', headers = {}, body } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
