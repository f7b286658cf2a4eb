import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { isAbortError } from '../core/cancellation.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { messageOf } from '../core/problem.ts';
import { isFinal } from '../core/trainingJob.ts';
import {
  type TrainerJob,
  type TrainerMessage,
  type TrainerOutcome,
  stopRequested,
} from '../protocol/trainer.ts';
import { ClientError, checkOutput, downloadChannels } from './jobFiles.ts';
import { type FinalMetric, type JobRecord, type JobStore, advanced, ended } from './jobStore.ts';
import type { LogStore, LogWriter } from './logStore.ts';
import type { ObjectStore } from './objectStore.ts';
import { artifactLocation, maxRuntimeSeconds, requestOf } from './trainingJobRequest.ts';

/** The log group of training jobs. */
export const trainingLogGroup = '/aws/sagemaker/TrainingJobs';

export interface JobRunnerOptions {
  readonly jobs: JobStore;
  readonly objects: ObjectStore;
  readonly logs: LogStore;
  /** For files that live as long as a job runs; emptied at the start. */
  readonly scratchFolder: string;
  /** The trainer's bundle, started as a thread for each job. */
  readonly trainerWorker: URL;
  readonly clock?: Clock;
  /** Takes what a developer should see. */
  readonly log?: (line: string) => void;
}

/** Jobs that train at the same time; the others wait. A second one keeps short jobs from waiting for a long one. */
const maxRunning = 2;

/** How long a stopped worker may take to notice, before it is ended; with a model to save, as long as SageMaker gives. */
const stopGraceMs = 5000;
const saveGraceMs = 120_000;

interface RunningJob {
  readonly stopFlag: SharedArrayBuffer;
  /** Why the job is to end before it is done; the first reason counts. */
  stopping?: 'StopTrainingJob' | 'MaxRuntimeInSeconds';
  /** Fires when the job has ended, so that its alarms do not outlive it. */
  readonly over: AbortController;
  worker?: Worker;
}

/** Runs training jobs, each in a worker thread, and keeps their records and logs up to date. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #clock: Clock;
  readonly #queue: string[] = [];
  readonly #running = new Map<string, RunningJob>();
  readonly #runs = new Set<Promise<void>>();
  #disposed = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    rmSync(options.scratchFolder, { recursive: true, force: true });
    mkdirSync(options.scratchFolder, { recursive: true });
  }

  /** Jobs that are waiting or training. */
  get unfinishedCount(): number {
    return this.#queue.length + this.#running.size;
  }

  /** Worker threads that are alive. */
  get workerCount(): number {
    return [...this.#running.values()].filter(({ worker }) => worker !== undefined).length;
  }

  /** Takes a job that was stored as InProgress. */
  submit(name: string): void {
    this.#queue.push(name);
    this.#startNext();
  }

  /** Stops a job; one that waits ends at once, one that runs within moments. */
  stop(name: string): void {
    const job = this.#job(name);
    const queued = this.#queue.indexOf(job.name);
    if (queued >= 0) {
      this.#queue.splice(queued, 1);
      this.#options.jobs.put(ended(job, 'Stopped', 'Stopped', 'Training job stopped', this.#clock.now()));
      return;
    }
    this.#requestStop(job.name, 'StopTrainingJob');
  }

  /** Stops all jobs at once, also those that would save a model first; resolves when none is left. */
  async stopAll(): Promise<void> {
    for (const name of [...this.#queue, ...this.#running.keys()]) this.stop(name);
    await Promise.all([...this.#running.values()].map(async ({ worker }) => worker?.terminate()));
    await this.whenIdle();
  }

  /** Resolves when no job is waiting or running. */
  async whenIdle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  /** Ends all workers; jobs that were not done are Failed, since nothing goes on with them. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#queue.length = 0;
    for (const { worker } of this.#running.values()) await worker?.terminate();
    await this.whenIdle();
    this.#options.jobs.failUnfinished(this.#clock.now());
  }

  #startNext(): void {
    while (this.#running.size < maxRunning && !this.#disposed) {
      const name = this.#queue.shift();
      if (name === undefined) return;
      const run = this.#run(name)
        .catch((error: unknown) => this.#fail(name, error))
        .finally(() => {
          this.#running.delete(name);
          this.#runs.delete(run);
          this.#startNext();
        });
      this.#runs.add(run);
    }
  }

  async #run(name: string): Promise<void> {
    const running: RunningJob = { stopFlag: new SharedArrayBuffer(4), over: new AbortController() };
    this.#running.set(name, running);
    const scratch = path.join(this.#options.scratchFolder, name.toLowerCase());
    let log: LogWriter | undefined;
    try {
      this.#advance(name, 'Starting', 'Preparing the instances for training');
      // The request that created the job is answered before its data is read.
      await new Promise((resolve) => setImmediate(resolve));
      const job = this.#advance(name, 'Downloading', 'Downloading input data');
      const request = requestOf(job);
      this.#options.jobs.put({ ...job, startedMs: this.#clock.now() });
      this.#stopAfter(name, running, maxRuntimeSeconds(request) * 1000);
      checkOutput(this.#options.objects, request);
      mkdirSync(scratch, { recursive: true });
      const channels = await downloadChannels(this.#options.objects, request, scratch);
      // Whoever ends the process waits for this job, and must not wait for a training.
      if (this.#disposed) return;

      this.#advance(name, 'Downloading', 'Downloading the training image');
      log = this.#createLog(name);
      this.#advance(name, 'Training', 'Training image download completed. Training in progress.');
      const artifactPath = path.join(scratch, 'model.tar.gz');
      const outcome = await this.#train(name, running, log, {
        hyperparameters: request.HyperParameters ?? {},
        image: request.AlgorithmSpecification.TrainingImage,
        algorithmName: request.AlgorithmSpecification.AlgorithmName,
        instanceCount: request.ResourceConfig.InstanceCount ?? 1,
        channels,
        artifactPath,
        stopFlag: running.stopFlag,
      });
      await this.#finish(name, running, outcome, artifactPath);
    } finally {
      running.over.abort();
      log?.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** Resolves with what the worker says at its end, or with what its silence means. */
  #train(name: string, running: RunningJob, log: LogWriter, job: TrainerJob): Promise<TrainerOutcome> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.#options.trainerWorker, {
        workerData: job,
        stdout: false,
        stderr: false,
      });
      running.worker = worker;
      let outcome: TrainerOutcome | undefined;
      let failure: unknown;
      let lastMetrics: readonly FinalMetric[] = [];
      const take = (message: TrainerMessage): void => {
        const now = this.#clock.now();
        switch (message.kind) {
          case 'log':
            for (const line of message.lines) log.append(now, line);
            return;
          case 'round':
            log.append(now, message.line);
            lastMetrics = message.metrics.map((metric) => ({ ...metric, timestampMs: now }));
            return;
          case 'ended':
            outcome = message.outcome;
            if (lastMetrics.length > 0)
              this.#options.jobs.put({ ...this.#job(name), finalMetrics: lastMetrics });
            return;
          default:
            message satisfies never;
        }
      };
      worker.on('message', (message: TrainerMessage) => {
        try {
          take(message);
        } catch (error) {
          // A full disk, say. It ends this job; thrown in an event it would end the process, and all jobs.
          failure ??= error;
          void worker.terminate();
        }
      });
      worker.on('error', (error: unknown) => {
        if (isOutOfMemory(error)) {
          const reason =
            'AlgorithmError: the local trainer ran out of memory. Train on fewer rows or columns.';
          resolve({ kind: 'failed', reason });
        } else reject(toError(error));
      });
      worker.on('exit', () => {
        delete running.worker;
        if (failure !== undefined) reject(toError(failure));
        else if (outcome) resolve(outcome);
        else if (running.stopping || this.#disposed) resolve({ kind: 'stopped', hasModel: false });
        else reject(new Error('The trainer ended without a word.'));
      });
    });
  }

  async #finish(
    name: string,
    running: RunningJob,
    outcome: TrainerOutcome,
    artifactPath: string,
  ): Promise<void> {
    // The end of the process is recorded by whoever ends it.
    if (this.#disposed) return;
    if (outcome.kind === 'failed') {
      this.#end(name, 'Failed', 'Failed', 'Training job failed', outcome.reason);
      return;
    }
    if (outcome.hasModel) {
      this.#advance(name, 'Uploading', 'Uploading generated training model');
      const request = requestOf(this.#job(name));
      // It may have been deleted meanwhile, and storing an object would make it again.
      checkOutput(this.#options.objects, request);
      const { bucket, key } = artifactLocation(request, name);
      const attributes = { contentType: 'application/x-gzip' };
      await this.#options.objects.putFile(bucket, key, artifactPath, attributes);
    }
    if (running.stopping === 'MaxRuntimeInSeconds') {
      const message = 'Training job runtime exceeded MaxRuntimeInSeconds provided';
      this.#end(name, 'Stopped', 'MaxRuntimeExceeded', message);
    } else if (running.stopping) this.#end(name, 'Stopped', 'Stopped', 'Training job stopped');
    else this.#end(name, 'Completed', 'Completed', 'Training job completed');
  }

  /** Streams are named by the second in which the container starts; a job of the same name may have had it. */
  #createLog(name: string): LogWriter {
    const { logs } = this.#options;
    for (let epoch = Math.floor(this.#clock.now() / 1000); ; epoch++) {
      const stream = `${name}/algo-1-${epoch}`;
      if (!logs.describe(trainingLogGroup, stream)) return logs.create(trainingLogGroup, stream);
    }
  }

  #requestStop(name: string, why: 'StopTrainingJob' | 'MaxRuntimeInSeconds'): void {
    const running = this.#running.get(name);
    if (!running || running.stopping) return;
    running.stopping = why;
    Atomics.store(new Int32Array(running.stopFlag), 0, stopRequested);
    const saves = requestOf(this.#job(name)).HyperParameters?.save_model_on_termination === 'true';
    void this.#after(running, saves ? saveGraceMs : stopGraceMs, () => running.worker?.terminate());
    // Last, because it can fail, and the job ends all the same.
    this.#options.jobs.put(
      advanced(this.#job(name), 'Stopping', 'Stopping', 'Stopping the training job', this.#clock.now()),
    );
  }

  #stopAfter(name: string, running: RunningJob, ms: number): void {
    // Timers end at 2^31 - 1 ms, a little less than the longest job may take.
    void this.#after(running, Math.min(ms, 2 ** 31 - 1), () =>
      this.#requestStop(name, 'MaxRuntimeInSeconds'),
    );
  }

  /** Acts after some time, unless the job has ended by then. Never rejects. */
  async #after(running: RunningJob, ms: number, act: () => unknown): Promise<void> {
    try {
      await this.#clock.delay(ms, running.over.signal);
      await act();
    } catch (error) {
      if (!isAbortError(error)) this.#options.log?.(`A job's alarm failed: ${String(error)}`);
    }
  }

  /** Ends a job for an error; also when its state can't be written, since nobody else would end it. */
  #fail(name: string, error: unknown): void {
    if (this.#disposed) return;
    const reason = this.#reasonOf(name, error);
    const job = this.#job(name);
    if (isFinal(job)) return;
    const failed = ended(job, 'Failed', 'Failed', 'Training job failed', this.#clock.now(), reason);
    try {
      this.#options.jobs.put(failed);
    } catch (cause) {
      this.#options.log?.(`The end of job ${name} can't be stored: ${messageOf(cause)}`);
      this.#options.jobs.remember(failed);
    }
  }

  /** What the owner of a job is told of an error; the cause of one that is ours goes to the log. */
  #reasonOf(name: string, error: unknown): string {
    if (error instanceof ClientError) return `ClientError: ${error.message}`;
    this.#options.log?.(`Job ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
    return 'InternalServerError: We encountered an internal error. Please try again.';
  }

  #advance(name: string, secondaryStatus: string, message: string): JobRecord {
    const job = this.#job(name);
    // A stop that was asked for stays visible in the status while the job goes on to its end.
    const status = job.status === 'Stopping' ? 'Stopping' : 'InProgress';
    return this.#options.jobs.put(advanced(job, status, secondaryStatus, message, this.#clock.now()));
  }

  #end(
    name: string,
    status: 'Completed' | 'Failed' | 'Stopped',
    secondaryStatus: string,
    message: string,
    reason?: string,
  ): void {
    const job = this.#job(name);
    if (isFinal(job)) return;
    this.#options.jobs.put(ended(job, status, secondaryStatus, message, this.#clock.now(), reason));
  }

  #job(name: string): JobRecord {
    const job = this.#options.jobs.get(name);
    if (!job) throw new Error(`There is no job ${name}.`);
    return job;
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
