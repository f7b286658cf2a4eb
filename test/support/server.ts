import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ObjectStore } from '../../src/backend/objectStore.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/backend/server.ts';

/** A server of its own for one test or suite, in a folder that goes with it. */
export interface TestServer extends RunningServer {
  readonly objects: ObjectStore;
  readonly folder: string;
  /** What an SDK client needs to talk to the server. */
  readonly clientConfig: ClientConfig;
  /** Lines that the server logged: faults, which a test may want to see none of. */
  readonly logged: readonly string[];
  /** Closes the server and opens another one on the same folder. */
  restart(): Promise<TestServer>;
  /** Closes the server and deletes its folder. */
  dispose(): Promise<void>;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: true;
  readonly maxAttempts: 1;
}

export const testRegion = 'eu-west-1';
export const testAccountId = '123456789012';
export const testRoleArn = `arn:aws:iam::${testAccountId}:role/service-role/LocalExecutionRole`;
export const testKeys = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'a/secret+of/the=tests' };

/** Starts a server on a free port, in a new folder unless one is given. */
export async function startTestServer(
  options: Partial<ServerOptions> & { readonly folder?: string } = {},
): Promise<TestServer> {
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'backend-')));
  const objectsFolder = path.join(folder, 'objects');
  const objects = options.objects ?? (await ObjectStore.open(objectsFolder));
  const logged: string[] = [];
  const server = await startServer({
    region: testRegion,
    accountId: testAccountId,
    roleArn: testRoleArn,
    ...testKeys,
    jsonServices: {},
    log: (line) => logged.push(line),
    ...options,
    objects,
  });
  return {
    ...server,
    objects,
    folder,
    logged,
    clientConfig: {
      endpoint: server.url,
      region: options.region ?? testRegion,
      credentials: testKeys,
      forcePathStyle: true,
      maxAttempts: 1,
    },
    restart: async () => {
      await server.close();
      return startTestServer({ ...options, objects: await ObjectStore.open(objectsFolder), folder });
    },
    dispose: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
