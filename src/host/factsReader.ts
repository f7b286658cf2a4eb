import type { Clock } from '../core/clock.ts';
import type { Disposable } from '../core/disposables.ts';
import type { Format } from '../core/format.ts';
import type { TrainingJobSummary } from '../core/trainingJob.ts';
import type { Connection } from './connection.ts';
import type { JobFacts } from './jobFacts.ts';
import { JobWatch } from './jobWatch.ts';

/**
 * Finds out what rows of finished jobs say beyond the list's answer: why a job failed, and, where logs may be read for
 * it, the metric of its model, which only the log tells. One job at a time.
 */
export class FactsReader implements Disposable {
  #queue: Promise<void> = Promise.resolve();
  #current: JobWatch | undefined;
  #disposed = false;

  constructor(
    private readonly facts: JobFacts,
    private readonly clock: Clock,
    private readonly format: Format,
    private readonly onKnown: (job: TrainingJobSummary) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  want(connection: Connection, job: TrainingJobSummary): void {
    this.#queue = this.#queue.then(() => this.#read(connection, job)).catch(this.onError);
  }

  dispose(): void {
    this.#disposed = true;
    this.#current?.dispose();
  }

  async #read(connection: Connection, { name }: TrainingJobSummary): Promise<void> {
    if (this.#disposed) return;
    if (!connection.readsLogsForRows) {
      const job = await connection.use(({ jobs }) => jobs.describe(name));
      if (job) this.facts.setDescribed(job);
      if (job) this.onKnown(job);
      return;
    }
    this.#current = new JobWatch({
      jobName: name,
      connection,
      clock: this.clock,
      writer: { appendLine: () => undefined },
      format: this.format,
      onJob: (job) => this.facts.setDescribed(job),
      onProgress: () => undefined,
    });
    const end = await this.#current.ended;
    if (!end) return;
    if (end.rowMetric !== undefined) await this.facts.setMetric(end.job, end.rowMetric);
    this.onKnown(end.job);
  }
}
