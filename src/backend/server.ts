import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Front } from './front.ts';
import { JsonFront, type JsonServices } from './jsonFront.ts';
import { ObjectFront } from './objectFront.ts';
import type { ObjectStore } from './objectStore.ts';
import { QueryFront } from './queryApi.ts';
import { SignatureError } from './signature.ts';
import { type FileSlice, type WireHeaders, type WireReply, type WireRequest, ServiceError } from './wire.ts';

export interface ServerOptions {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The one role that IAM knows. */
  readonly roleArn: string;
  readonly objects: ObjectStore;
  /** Operations of SageMaker and CloudWatch Logs, by the prefix of `X-Amz-Target`. */
  readonly jsonServices: JsonServices;
  /** 0 or `undefined` lets the system choose. */
  readonly port?: number | undefined;
  /** Told of each request that was believed, so that an idle backend can be noticed. */
  readonly onRequest?: ((info: RequestInfo) => void) | undefined;
  /** Takes what a developer should see: faults with their stacks. */
  readonly log?: ((line: string) => void) | undefined;
}

export interface RequestInfo {
  readonly protocol: string;
  readonly method: string;
  /** `X-Amz-Target`, or the path. */
  readonly target: string;
  readonly status: number;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Requests that are not answered completely yet; a large upload is one for a while. */
  requestsUnderWay(): number;
  /** Stops listening, gives requests under way a short time to end, and cuts the others. */
  close(): Promise<void>;
}

/** How long requests under way may take to end when the server closes. */
const closeGraceMs = 2000;

/** Serves all the services on one loopback port. Rejects when the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const fronts = createFronts(options);
  const server = createServer();
  // A large upload may take longer than the five minutes that Node gives to a request.
  server.requestTimeout = 0;
  // Clients keep connections open between polls; closing them early makes their next request fail and be retried.
  server.keepAliveTimeout = 65_000;

  let underWay = 0;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    underWay++;
    response.once('close', () => underWay--);
    const answered = answer(request, response, chooseFront(fronts, request), options, portOf(server));
    answered.catch((error: unknown) => {
      // Nothing can be sent any more, and if that is because the client has gone, nobody needs to know.
      if (!isDisconnect(request, error)) options.log?.(`Answering a request failed: ${stackOf(error)}`);
      response.destroy();
    });
  };
  server.on('request', onRequest);
  // Without this listener Node would ask for the body before anyone has looked at the headers.
  server.on('checkContinue', onRequest);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requestsUnderWay: () => underWay,
    close: () => close(server),
  };
}

/** Tells whether a request came to nothing because its client went away, sending or receiving. */
function isDisconnect(request: IncomingMessage, error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return request.errored !== null || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

interface Fronts {
  readonly json: Front;
  readonly query: Front;
  readonly objects: Front;
}

function createFronts(options: ServerOptions): Fronts {
  const { region, accountId, objects, roleArn, accessKeyId, secretAccessKey } = options;
  const keys = { accessKeyId, secretAccessKey };
  return {
    json: new JsonFront(options.jsonServices, keys, region),
    query: new QueryFront({ accountId, roleArn, accessKeyId }, keys),
    objects: new ObjectFront({ store: objects, region, accountId }, keys),
  };
}

/** One port serves every service: what a request looks like tells which protocol it speaks. */
function chooseFront(fronts: Fronts, { headers, method }: IncomingMessage): Front {
  if (headers['x-amz-target'] !== undefined) return fronts.json;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  return isForm && method === 'POST' ? fronts.query : fronts.objects;
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  front: Front,
  options: ServerOptions,
  port: number,
): Promise<void> {
  const request = toWireRequest(incoming, response);
  response.setHeader('x-amzn-RequestId', request.id);
  if (!isOurHost(request.headers.get('host'), port)) {
    // A page in a browser may have its own name resolve to 127.0.0.1. It is told nothing.
    response
      .writeHead(403, { 'Content-Type': 'text/plain' })
      .end('This server only answers to its own address.\n');
    return;
  }
  let believed = true;
  let reply: WireReply;
  try {
    reply = await front.answer(request);
  } catch (error) {
    if (incoming.errored !== null) throw error;
    believed = !(error instanceof SignatureError);
    reply = front.refuse(request, toServiceError(error, front, options.log));
  }
  if (believed) {
    const target = request.headers.get('x-amz-target') ?? request.path;
    options.onRequest?.({ protocol: front.name, method: request.method, target, status: reply.status });
  }
  await send(response, reply);
}

function toWireRequest(incoming: IncomingMessage, response: ServerResponse): WireRequest {
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  // A client that never got its 100 may still send the body, or not: the connection can't be used any further.
  let waits = /^100-continue$/i.test(incoming.headers.expect ?? '');
  if (waits) response.setHeader('Connection', 'close');
  return {
    id: randomUUID(),
    method: incoming.method ?? 'GET',
    path,
    query: query.join('?'),
    headers: joinHeaders(incoming.rawHeaders),
    body: () => {
      if (waits) {
        response.writeContinue();
        response.removeHeader('Connection');
      }
      waits = false;
      // Refusing a body half-way must not close the connection: the client is to read why.
      return incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    },
  };
}

function joinHeaders(rawHeaders: readonly string[]): WireHeaders {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!];
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}

function isOurHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
}

function toServiceError(error: unknown, front: Front, log: ServerOptions['log']): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof SignatureError) return front.signatureError(error);
  // The client learns nothing of the inside: a stack has paths in it.
  log?.(`A request failed: ${stackOf(error)}`);
  return new ServiceError('InternalFailure', 'We encountered an internal error. Please try again.', 500);
}

async function send(response: ServerResponse, { status, headers, body }: WireReply): Promise<void> {
  if (typeof body === 'object') {
    response.writeHead(status, { ...headers, 'Content-Length': body.length });
    await sendSlice(response, body);
    return;
  }
  // A reply to HEAD says how long the body would be, and has none: its headers come with the length.
  if (body !== undefined)
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  else response.writeHead(status, headers);
  response.end(body);
}

/** Sends the piece and closes the file, whether or not the client takes it all. */
async function sendSlice(response: ServerResponse, { descriptor, start, length }: FileSlice): Promise<void> {
  if (length > 0) {
    await pipeline(createReadStream('', { fd: descriptor, start, end: start + length - 1 }), response);
    return;
  }
  closeSync(descriptor);
  response.end();
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close((error) => {
      clearTimeout(cut);
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeIdleConnections();
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
