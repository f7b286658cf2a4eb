import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import type { BackendEndpoint } from './backendClient.ts';
import { JobRunner } from './jobRunner.ts';
import { JobStore } from './jobStore.ts';
import { createLocalApi } from './localApi.ts';
import { LogStore } from './logStore.ts';
import { createLogsApi } from './logsApi.ts';
import { ObjectStore } from './objectStore.ts';
import { type RequestInfo, startServer } from './server.ts';
import { createTrainingApi } from './trainingApi.ts';

export interface BackendOptions {
  /** Where jobs, logs and objects are kept. No other backend may use it at the same time. */
  readonly dataFolder: string;
  readonly region: string;
  /** The version of the extension that this belongs to. */
  readonly version: string;
  /** 0 or `undefined` lets the system choose. */
  readonly port?: number;
  /** The bundle of the trainer's worker; beside this program's file when left out. */
  readonly trainerWorker?: URL;
  readonly clock?: Clock;
  readonly onRequest?: (info: RequestInfo) => void;
  /** Called when a client asked that the process end once no job runs. */
  readonly onRetire?: () => void;
  readonly log?: (line: string) => void;
}

export interface Backend {
  readonly endpoint: BackendEndpoint;
  readonly jobs: JobStore;
  readonly logs: LogStore;
  readonly objects: ObjectStore;
  readonly runner: JobRunner;
  /** Requests that are not answered completely yet. */
  requestsUnderWay(): number;
  /** Ends requests and workers; jobs that ran are Failed. What is stored stays. */
  close(): Promise<void>;
}

/** An account that nobody has. */
const accountId = '000000000000';
const roleArn = `arn:aws:iam::${accountId}:role/service-role/AmazonSageMaker-ExecutionRole-Local`;

/** Opens a data folder and serves it, with keys of its own that are made now. */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const { dataFolder, region, version, log = () => {} } = options;
  const clock = options.clock ?? systemClock;
  const jobs = new JobStore(path.join(dataFolder, 'jobs'), clock.now(), log);
  const logs = new LogStore(path.join(dataFolder, 'logs'));
  const objects = await ObjectStore.open(path.join(dataFolder, 'objects'), log);
  const bucket = `sagemaker-${region}-${accountId}`;
  objects.ensureBucket(bucket);
  const trainerWorker = options.trainerWorker ?? new URL('trainerWorker.js', import.meta.url);
  const scratchFolder = path.join(dataFolder, 'scratch');
  const runner = new JobRunner({ jobs, objects, logs, scratchFolder, trainerWorker, clock, log });
  const keys = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase().slice(0, 15)}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  const server = await startServer({
    ...keys,
    region,
    accountId,
    roleArn,
    objects,
    jsonServices: {
      SageMaker: createTrainingApi({ jobs, runner, objects, region, accountId, roleArn, clock }),
      Logs_20140328: createLogsApi({ logs, region, accountId }),
      SageMakerJobsLocal: createLocalApi({
        ...{ jobs, logs, objects, runner, bucket, version },
        secretAccessKey: keys.secretAccessKey,
        onRetire: options.onRetire,
      }),
    },
    port: options.port,
    onRequest: options.onRequest,
    log,
  });
  return {
    endpoint: { url: server.url, region, accountId, ...keys, bucket, roleArn },
    ...{ jobs, logs, objects, runner },
    requestsUnderWay: () => server.requestsUnderWay(),
    async close() {
      await server.close();
      await runner.dispose();
    },
  };
}
