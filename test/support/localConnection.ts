import type { BackendAddress } from '../../src/backend/rendezvous.ts';
import { LocalConnection } from '../../src/host/localConnection.ts';
import type { TestBackend } from './backend.ts';

/** The product's connection to a backend that runs already. */
export function connectTo({ backend }: TestBackend): LocalConnection {
  const address: BackendAddress = { ...backend.endpoint, pid: process.pid, version: '0.0.0' };
  return new LocalConnection({ bucket: '', roleArn: '' }, '0.0.0', async () => address);
}
