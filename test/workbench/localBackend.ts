import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTrainingJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import path from 'node:path';
import { type BackendAddress, readRendezvous, rendezvousFile } from '../../src/backend/rendezvous.ts';
import { until } from './driver/until.ts';
import { extensionId } from './product.ts';

/** Where the extension inside a VS Code with this data folder keeps its local backend. */
export function localFolder(dataFolder: string): string {
  return path.join(dataFolder, 'data/User/globalStorage', extensionId, 'local');
}

/** The backend that the extension inside a VS Code with this data folder has started; `undefined` before it has. */
export function findLocalBackend(dataFolder: string): BackendAddress | undefined {
  return readRendezvous(rendezvousFile(localFolder(dataFolder)));
}

/** Ends the backend of a VS Code that is over, which would otherwise stay for a minute, and waits until it is gone. */
export async function endLocalBackend(dataFolder: string): Promise<void> {
  const pid = findLocalBackend(dataFolder)?.pid;
  if (pid === undefined || !signal(pid, 'SIGTERM')) return;
  await until(`the local backend (process ${pid}) to end`, () => !signal(pid, 0));
}

/** `false`: there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Settings of an AWS SDK client for this backend. */
export function clientConfig({ url, region, accessKeyId, secretAccessKey }: BackendAddress) {
  return { endpoint: url, region, credentials: { accessKeyId, secretAccessKey } };
}

/** The hyperparameters that a job was created with, asked of the service itself. */
export async function readHyperparameters(
  backend: BackendAddress,
  jobName: string,
): Promise<Readonly<Record<string, string>>> {
  const client = new SageMakerClient(clientConfig(backend));
  try {
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName }));
    return job.HyperParameters ?? {};
  } finally {
    client.destroy();
  }
}

/** One line of a job's log as the service has it. */
export interface StoredLine {
  readonly timestampMs: number;
  readonly message: string;
}

/** The whole log of a job, read from the service by itself, not through the extension. */
export async function readStoredLog(backend: BackendAddress, jobName: string): Promise<StoredLine[]> {
  const client = new CloudWatchLogsClient(clientConfig(backend));
  const logGroupName = '/aws/sagemaker/TrainingJobs';
  const lines: StoredLine[] = [];
  try {
    const { logStreams } = await client.send(
      new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: `${jobName}/` }),
    );
    for (const { logStreamName } of logStreams ?? []) {
      let nextToken: string | undefined;
      for (;;) {
        const page = await client.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, nextToken, startFromHead: true }),
        );
        for (const { timestamp, message } of page.events ?? [])
          lines.push({ timestampMs: timestamp ?? 0, message: message ?? '' });
        // The same token twice is the end.
        if (page.nextForwardToken === nextToken) break;
        nextToken = page.nextForwardToken;
      }
    }
  } finally {
    client.destroy();
  }
  return lines;
}
