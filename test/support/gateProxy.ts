import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendEndpoint } from '../../src/backend/backendClient.ts';
import { bodyOf, forward, type ProxiedRequest, proxiedRequest } from './faultyProxy.ts';

/** Where a request is held: before the service hears of it, or after the service has done its work. */
type HoldingPlace = 'request' | 'answer';

/** Holds one request until it is told to let it through. */
export interface Gate {
  /** Resolves when the request is there. */
  readonly reached: Promise<void>;
  open(): void;
}

export interface GateProxy {
  readonly url: string;
  /** All requests that came, in order. */
  readonly requests: readonly ProxiedRequest[];
  /** Holds the next request that fits, and only that one. */
  hold(place: HoldingPlace, fits: (request: ProxiedRequest) => boolean): Gate;
  dispose(): Promise<void>;
}

interface ClosedGate {
  readonly place: HoldingPlace;
  readonly fits: (request: ProxiedRequest) => boolean;
  readonly reach: () => void;
  readonly opened: Promise<void>;
}

/**
 * A proxy on loopback in front of a backend, which makes a moment last: what happens in the midst of an upload or of
 * the creation of a job can so be looked at without a race. A request whose sender has gone while it was held never
 * gets to the service.
 */
export async function startGateProxy(target: BackendEndpoint): Promise<GateProxy> {
  const requests: ProxiedRequest[] = [];
  const gates: ClosedGate[] = [];
  const openAll: (() => void)[] = [];
  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const request = proxiedRequest(incoming);
    requests.push(request);
    const at = gates.findIndex(({ fits }) => fits(request));
    const [gate] = at < 0 ? [] : gates.splice(at, 1);
    const body = await bodyOf(incoming);
    if (gate?.place === 'request') await pass(gate);
    if (answer.destroyed) return;
    const reply = await forward(target, incoming, body);
    if (gate?.place === 'answer') await pass(gate);
    answer.writeHead(reply.status, reply.headers).end(reply.body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    hold(place, fits) {
      let reach!: () => void;
      let open!: () => void;
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const opened = new Promise<void>((resolve) => (open = resolve));
      gates.push({ place, fits, reach, opened });
      openAll.push(open);
      return { reached, open };
    },
    dispose: () =>
      new Promise((resolve) => {
        for (const open of openAll) open();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass({ reach, opened }: ClosedGate): Promise<void> {
  reach();
  await opened;
}
