import { type AwsSession, openAwsSession } from '../../src/aws/session.ts';
import { type BackendEndpoint } from '../../src/backend/backend.ts';

/** The product's own clients, on a local backend or on a proxy in front of it. */
export function openTestSession(backend: BackendEndpoint, url = backend.url): AwsSession {
  const { region, accessKeyId, secretAccessKey } = backend;
  return openAwsSession({
    region,
    endpoints: { default: url },
    credentials: { accessKeyId, secretAccessKey },
    unlimited: true,
  });
}
