import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as forwardRequest,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';

/**
 * What happens to one request. `cutAfter`: the service does its work, and the connection breaks instead of the
 * answer; `cutBefore`: it breaks before the service hears of it. `cutBody`: the connection breaks in mid-request.
 * With a status: that answer comes, before or after the service did its work.
 */
export type Fault =
  | 'cutAfter'
  | 'cutBefore'
  | 'cutBody'
  | { readonly status: number; readonly type: string; readonly message: string; readonly after?: boolean };

/** What a fault can be decided by. */
export interface ProxiedRequest {
  readonly method: string;
  readonly url: string;
  /** The operation of a JSON service, such as `SageMaker.CreateTrainingJob`; empty for others. */
  readonly target: string;
}

export interface FaultyProxy {
  readonly url: string;
  /** Decides for each request what is to happen to it; nothing by default. */
  fault: (request: ProxiedRequest) => Fault | undefined;
  /** All requests that came, in order. */
  readonly requests: readonly ProxiedRequest[];
  dispose(): Promise<void>;
}

/** A proxy on loopback in front of a service, which breaks what it is told to break. */
export async function startFaultyProxy(targetUrl: string): Promise<FaultyProxy> {
  const target = new URL(targetUrl);
  const requests: ProxiedRequest[] = [];
  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const proxied = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      target: String(incoming.headers['x-amz-target'] ?? ''),
    };
    requests.push(proxied);
    const fault = proxy.fault(proxied);
    if (fault === 'cutBody') {
      incoming.once('data', () => incoming.destroy());
      return;
    }
    const body = await bodyOf(incoming);
    if (fault === 'cutBefore') {
      incoming.destroy();
      return;
    }
    if (typeof fault === 'object' && !fault.after) return refuse(answer, fault);
    const reply = await forward(target, incoming, body);
    if (fault === 'cutAfter') incoming.destroy();
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

function refuse(answer: ServerResponse, { status, type, message }: Exclude<Fault, string>): void {
  answer
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    .end(JSON.stringify({ __type: type, message }));
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request on as it came: its signature covers the headers, `host` among them. */
function forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = incoming;
    const forwarded = forwardRequest(
      { host: target.hostname, port: target.port, method, path: url, headers },
      (reply) => {
        bodyOf(reply).then(
          (content) => resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: content }),
          reject,
        );
      },
    );
    forwarded.on('error', reject);
    forwarded.end(body);
  });
}
