import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as forwardRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendEndpoint } from '../../src/backend/backendClient.ts';
import { signHeaders } from './signedRequest.ts';

/**
 * What happens to one request. `cutAfter`: the service does its work, and the connection breaks instead of the
 * answer; `cutBefore`: it breaks before the service hears of it. `cutBody`: the connection breaks in mid-request.
 * With a status: that answer comes, before or after the service did its work.
 */
export type Fault =
  | 'cutAfter'
  | 'cutBefore'
  | 'cutBody'
  | { readonly status: number; readonly type: string; readonly message: string; readonly after?: boolean }
  | { readonly status: number; readonly xml: string; readonly after?: boolean };

/** What a fault can be decided by. */
export interface ProxiedRequest {
  readonly method: string;
  readonly url: string;
  /** The operation of a JSON service, such as `SageMaker.CreateTrainingJob`; empty for others. */
  readonly target: string;
}

export function proxiedRequest({ method = '', url = '', headers }: IncomingMessage): ProxiedRequest {
  return { method, url, target: String(headers['x-amz-target'] ?? '') };
}

export interface FaultyProxy {
  readonly url: string;
  /** Decides for each request what is to happen to it; nothing by default. */
  fault: (request: ProxiedRequest) => Fault | undefined;
  /** All requests that came, in order. */
  readonly requests: readonly ProxiedRequest[];
  dispose(): Promise<void>;
}

/**
 * A proxy on loopback in front of a backend, which breaks what it is told to break. The backend answers to its own
 * address only, and the address is signed: so requests are signed anew, with the keys that the backend gave out.
 */
export async function startFaultyProxy(target: BackendEndpoint): Promise<FaultyProxy> {
  const requests: ProxiedRequest[] = [];
  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const proxied = proxiedRequest(incoming);
    requests.push(proxied);
    const fault = proxy.fault(proxied);
    if (fault === 'cutBody') {
      incoming.once('data', () => incoming.socket.destroy());
      return;
    }
    const body = await bodyOf(incoming);
    if (fault === 'cutBefore') {
      incoming.socket.destroy();
      return;
    }
    if (typeof fault === 'object' && !fault.after) return refuse(answer, fault);
    const reply = await forward(target, incoming, body);
    if (fault === 'cutAfter') incoming.socket.destroy();
    else if (typeof fault === 'object') refuse(answer, fault);
    else answer.writeHead(reply.status, reply.headers).end(reply.body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    requests,
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

function refuse(answer: ServerResponse, fault: Exclude<Fault, string>): void {
  if ('xml' in fault) {
    answer.writeHead(fault.status, { 'content-type': 'application/xml' }).end(fault.xml);
    return;
  }
  answer
    .writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.1' })
    .end(JSON.stringify({ __type: fault.type, message: fault.message }));
}

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request on, addressed to the backend and signed for it. */
export function forward(target: BackendEndpoint, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  const { method = 'GET', url = '/' } = incoming;
  const { hostname, port } = new URL(target.url);
  return new Promise((resolve, reject) => {
    const headers = signedFor(target, incoming, method, url, body);
    const forwarded = forwardRequest({ hostname, port, method, path: url, headers }, (reply) => {
      bodyOf(reply).then(
        (content) => resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: content }),
        reject,
      );
    });
    forwarded.on('error', reject);
    forwarded.end(body);
  });
}

/** The headers that came, without those of the connection, and with a signature for the backend's address. */
function signedFor(
  target: BackendEndpoint,
  incoming: IncomingMessage,
  method: string,
  path: string,
  body: Buffer,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (!ownOfConnection.has(name) && value !== undefined) headers[name] = String(value);
  }
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)/.exec(incoming.headers.authorization ?? '');
  const [, region = '', service = ''] = scope ?? [];
  const payloadHash = incoming.headers['x-amz-content-sha256'];
  const signed = signHeaders(target.url, {
    method,
    path,
    headers,
    body,
    service,
    region,
    keys: target,
    ...(typeof payloadHash === 'string' && { payloadHash }),
  });
  return { ...signed.headers, 'content-length': String(body.length) };
}

const ownOfConnection: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'transfer-encoding',
]);
