import { throwIfAborted } from '../../src/core/cancellation.ts';
import type { Clock } from '../../src/core/clock.ts';
import { type AwsSession, openAwsSession } from '../../src/aws/session.ts';
import type { BackendEndpoint } from '../../src/backend/backendClient.ts';

/** Real time, but nobody waits: pauses between attempts are over at once. */
const hurriedClock: Clock = {
  now: () => Date.now(),
  delay: async (_ms, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
  },
};

/** The product's own clients, on a local backend or on a proxy in front of it. */
export function openTestSession(backend: BackendEndpoint, url = backend.url): AwsSession {
  const { region, accessKeyId, secretAccessKey } = backend;
  return openAwsSession({
    region,
    endpoints: { default: url },
    credentials: { accessKeyId, secretAccessKey },
    unlimited: true,
    clock: hurriedClock,
  });
}
