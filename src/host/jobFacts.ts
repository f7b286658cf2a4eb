import type * as vscode from 'vscode';
import type { TrainingJob, TrainingJobSummary } from '../core/trainingJob.ts';
import { stateKeys } from './manifest.ts';

/** What a row says beyond the list's answer; each member is a ready text, absent when it isn't known. */
export interface Facts {
  /** `round 31 of 200 · validation:rmse 9.014`, while the job trains. */
  readonly progress?: string;
  /** `best validation:rmse 9.001`, once the job has completed. */
  readonly metric?: string;
  readonly failureReason?: string;
  /** `XGBoost 1.7-1` */
  readonly image?: string;
  /** `1 × ml.m5.xlarge` */
  readonly compute?: string;
}

/** How many finished jobs keep their metric over a restart. */
const remembered = 500;

/** What is known of single jobs. Final facts are kept over restarts, as they never change. */
export class JobFacts {
  readonly #facts = new Map<string, Facts>();
  #metrics: Readonly<Record<string, string>>;

  constructor(private readonly state: vscode.Memento) {
    this.#metrics = state.get(stateKeys.metrics, {});
  }

  of(job: TrainingJobSummary): Facts {
    const metric = job.status === 'Completed' ? this.#metrics[key(job)] : undefined;
    return { ...(metric === undefined ? {} : { metric }), ...this.#facts.get(key(job)) };
  }

  /** Whether nothing more is to be found out about a job that has ended. */
  isComplete(job: TrainingJobSummary): boolean {
    const facts = this.of(job);
    return job.status === 'Completed' ? facts.metric !== undefined : facts.failureReason !== undefined;
  }

  setProgress(job: TrainingJobSummary, progress: string): void {
    this.#facts.set(key(job), { ...this.#facts.get(key(job)), progress });
  }

  /** Keeps what DescribeTrainingJob has told. */
  setDescribed(job: TrainingJob): void {
    this.#facts.set(key(job), {
      ...this.#facts.get(key(job)),
      ...(job.failureReason === undefined ? {} : { failureReason: job.failureReason }),
      ...(job.image === undefined ? {} : { image: job.image.slice(job.image.lastIndexOf('/') + 1) }),
      ...(job.instanceType === undefined
        ? {}
        : { compute: `${job.instanceCount ?? 1} × ${job.instanceType}` }),
    });
  }

  async setMetric(job: TrainingJobSummary, metric: string): Promise<void> {
    const entries = Object.entries({ ...this.#metrics, [key(job)]: metric }).slice(-remembered);
    this.#metrics = Object.fromEntries(entries);
    await this.state.update(stateKeys.metrics, this.#metrics);
  }
}

/** Tells a job from an earlier one of its name, which was deleted. */
function key({ arn, createdMs }: TrainingJobSummary): string {
  return `${arn} ${Math.floor(createdMs / 1000)}`;
}
