import { proofOf } from './backendClient.ts';
import type { JobRunner } from './jobRunner.ts';
import type { JobStore } from './jobStore.ts';
import type { LogStore } from './logStore.ts';
import type { ObjectStore } from './objectStore.ts';
import { type Operation, ServiceError } from './wire.ts';

export interface LocalApiOptions {
  readonly jobs: JobStore;
  readonly logs: LogStore;
  readonly objects: ObjectStore;
  readonly runner: JobRunner;
  readonly bucket: string;
  readonly version: string;
  readonly secretAccessKey: string;
  readonly onRetire: (() => void) | undefined;
}

/** How much a backend holds, and what goes on in it. */
export interface UsageAnswer {
  readonly jobs: number;
  readonly runningJobs: number;
  readonly objects: number;
  /** Of objects and logs. */
  readonly bytes: number;
  readonly workers: number;
  /** Multipart uploads that were begun and neither completed nor aborted. */
  readonly uploads: number;
}

/**
 * What the extension asks of its own backend and AWS has no word for, signed like everything else: the target prefix
 * is `SageMakerJobsLocal`.
 */
export function createLocalApi(options: LocalApiOptions): Readonly<Record<string, Operation>> {
  const { jobs, logs, objects, runner, bucket, version, secretAccessKey } = options;

  async function usage(): Promise<UsageAnswer> {
    const stored = await objects.usage();
    return {
      jobs: jobs.all().length,
      runningJobs: runner.unfinishedCount,
      objects: stored.objects,
      bytes: stored.bytes + logs.sizeBytes(),
      workers: runner.workerCount,
      uploads: objects.uploadCount(),
    };
  }

  /** Stops all jobs and deletes everything but the default bucket, which is left empty. */
  async function reset(): Promise<void> {
    await runner.stopAll();
    for (const job of jobs.all()) jobs.delete(job.name);
    logs.deleteAll();
    for (const { name } of objects.listBuckets()) objects.deleteBucket(name);
    objects.ensureBucket(bucket);
  }

  return {
    /** Proves that this is the backend whose keys the caller has, and tells its version. */
    Hello: ({ challenge }) => {
      if (typeof challenge !== 'string')
        throw new ServiceError('ValidationException', 'A challenge is needed.');
      return { pid: process.pid, version, proof: proofOf(secretAccessKey, challenge) };
    },
    Usage: async () => ({ ...(await usage()) }),
    Reset: async () => {
      await reset();
      return { ...(await usage()) };
    },
    /** Asks the process to end when no job runs, for a newer version to take its place. */
    EndWhenIdle: () => {
      options.onRetire?.();
      return { runningJobs: runner.unfinishedCount };
    },
  };
}
