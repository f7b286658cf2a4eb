import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../core/problem.ts';
import { type TrainingJobStatus, isFinal } from '../core/trainingJob.ts';
import type { JsonObject } from './wire.ts';

/** Everything that is known of a training job. Times are milliseconds since the epoch. */
export interface JobRecord {
  readonly name: string;
  readonly arn: string;
  /** CreateTrainingJob's members as they were given, without the tags. */
  readonly request: JsonObject;
  readonly tags: readonly Tag[];
  readonly status: TrainingJobStatus;
  readonly secondaryStatus: string;
  readonly transitions: readonly Transition[];
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** When its data began to be read; unset while it waits. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly failureReason?: string;
  readonly finalMetrics?: readonly FinalMetric[];
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Transition {
  readonly status: string;
  readonly startMs: number;
  readonly endMs?: number;
  readonly message: string;
}

export interface FinalMetric {
  readonly name: string;
  readonly value: number;
  readonly timestampMs: number;
}

/** What the reason of a job says that was cut by the end of its process. */
export const interruptedReason =
  'InternalServerError: the local backend was ended while the job ran. Its data and its log are kept; create the job again to train it.';

/**
 * Training jobs on disk, one JSON file each. A change is on disk, whole, before the call returns, so a killed process
 * loses nothing that anyone was told.
 */
export class JobStore {
  readonly #folder: string;
  /** By lower-case name: names differ by more than case. */
  readonly #jobs = new Map<string, JobRecord>();

  /**
   * Reads the jobs of a folder. Those that ran when their process ended are Failed from now on. A file that can't be
   * read, after a crash of the computer say, costs its own job only: `log` is told, and the file stays.
   */
  constructor(folder: string, nowMs: number, log: (line: string) => void = () => {}) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      try {
        const job = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JobRecord;
        this.#jobs.set(job.name.toLowerCase(), job);
      } catch (error) {
        log(`The job in ${file} can't be read: ${messageOf(error)}`);
      }
    }
    this.failUnfinished(nowMs);
  }

  get(name: string): JobRecord | undefined {
    return this.#jobs.get(name.toLowerCase());
  }

  all(): readonly JobRecord[] {
    return [...this.#jobs.values()];
  }

  /** Stores a job, in place of an earlier state of it. */
  put(job: JobRecord): JobRecord {
    const path = this.#path(job.name);
    writeFileSync(`${path}.new`, JSON.stringify(job));
    renameSync(`${path}.new`, path);
    this.remember(job);
    return job;
  }

  /** Takes note of a job's state without storing it: what is left to do with an end that can't be written. */
  remember(job: JobRecord): void {
    this.#jobs.set(job.name.toLowerCase(), job);
  }

  /** Removes a job; its name is free again. */
  delete(name: string): void {
    rmSync(this.#path(name), { force: true });
    this.#jobs.delete(name.toLowerCase());
  }

  /** Ends every job that is not final, because nothing runs any more. */
  failUnfinished(nowMs: number): void {
    for (const job of this.#jobs.values()) {
      if (!isFinal(job))
        this.put(ended(job, 'Failed', 'Failed', 'Training job failed', nowMs, interruptedReason));
    }
  }

  #path(name: string): string {
    // Not the bare name: `con.json` is a device on Windows.
    return join(this.#folder, `job-${name.toLowerCase()}.json`);
  }
}

/**
 * A job in its next state. Within one secondary status only the message changes, as on SageMaker, where a poll may see
 * just the last of several messages.
 */
export function advanced(
  job: JobRecord,
  status: TrainingJobStatus,
  secondaryStatus: string,
  message: string,
  nowMs: number,
): JobRecord {
  const earlier = [...job.transitions];
  const last = earlier.pop();
  const transitions =
    last === undefined
      ? [{ status: secondaryStatus, startMs: nowMs, message }]
      : last.status === secondaryStatus
        ? [...earlier, { ...last, message }]
        : [...earlier, { ...last, endMs: nowMs }, { status: secondaryStatus, startMs: nowMs, message }];
  return { ...job, status, secondaryStatus, transitions, modifiedMs: nowMs };
}

/** A job in its last state. */
export function ended(
  job: JobRecord,
  status: 'Completed' | 'Failed' | 'Stopped',
  secondaryStatus: string,
  message: string,
  nowMs: number,
  failureReason?: string,
): JobRecord {
  const final = advanced(job, status, secondaryStatus, message, nowMs);
  const transitions = final.transitions.map((transition, index) =>
    index === final.transitions.length - 1 ? { ...transition, endMs: nowMs } : transition,
  );
  return {
    ...final,
    transitions,
    endedMs: nowMs,
    // The service keeps at most 1,024 characters.
    ...(failureReason === undefined ? {} : { failureReason: failureReason.slice(0, 1024) }),
  };
}
