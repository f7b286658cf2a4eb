import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { STSClient } from '@aws-sdk/client-sts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Backend, openBackend } from '../../src/backend/backend.ts';
import type { BackendEndpoint } from '../../src/backend/backendClient.ts';
import { bundleTrainerWorker } from './bundle.ts';

/** SDK clients of one backend. */
export interface Clients {
  readonly sagemaker: SageMakerClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
  readonly iam: IAMClient;
}

/** A local backend in this process, on a port of its own and in a folder of its own. */
export interface TestBackend extends BackendEndpoint, Clients {
  readonly folder: string;
  /** The objects behind the services, for arranging what the services can't (a long log, say). */
  readonly backend: Backend;
  /** Ends the backend and opens its folder again, as a restart does; the old one must not be used any more. */
  restart(): Promise<TestBackend>;
  dispose(): Promise<void>;
}

export async function startBackend(options: { readonly region?: string } = {}): Promise<TestBackend> {
  return open(await mkdtemp(path.join(tmpdir(), 'backend-test-')), options.region ?? 'us-east-1');
}

async function open(folder: string, region: string): Promise<TestBackend> {
  const faults: string[] = [];
  const log = (line: string): void => void faults.push(line);
  const trainerWorker = pathToFileURL(await bundleTrainerWorker());
  const backend = await openBackend({ dataFolder: folder, region, version: '1.0.0', trainerWorker, log });
  const clients = createClients(backend.endpoint);
  const close = async (): Promise<void> => {
    destroyClients(clients);
    await backend.close();
    if (faults.length > 0) throw new Error(`The backend had faults:\n${faults.join('\n')}`);
  };
  return {
    ...backend.endpoint,
    ...clients,
    folder,
    backend,
    async restart() {
      await close();
      return open(folder, region);
    },
    async dispose() {
      try {
        await close();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

export function createClients(endpoint: BackendEndpoint): Clients {
  const { url, region, accessKeyId, secretAccessKey } = endpoint;
  const config = { endpoint: url, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  return {
    sagemaker: new SageMakerClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    logs: new CloudWatchLogsClient(config),
    sts: new STSClient(config),
    iam: new IAMClient(config),
  };
}

export function destroyClients(clients: Clients): void {
  for (const client of [clients.sagemaker, clients.s3, clients.logs, clients.sts, clients.iam])
    client.destroy();
}
