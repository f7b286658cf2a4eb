import { Alarm } from '../core/alarm.ts';
import { isAbortError } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import type { Disposable } from '../core/disposables.ts';
import { Emitter } from '../core/emitter.ts';
import { isProblem, type Problem } from '../core/problem.ts';
import { isFinal, type TrainingJobSummary } from '../core/trainingJob.ts';
import type { Connection } from './connection.ts';

/** How the list stands, for the view: what to show when there are no rows, and what to say beside stale ones. */
export type ListFailure = { readonly problem: Problem | Error; readonly readAtMs: number | undefined };

const pageSize = 100;
/** List calls stay under one every two seconds. */
const fastestMs = 2000;
const runningMs = 5000;
const unfocusedMs = 30_000;
/** After a launch or a stop the list is read fast for this long. */
const ownActionMs = 30_000;
/** A timer can't be set for longer; waking up once in 24 days does no harm. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The training jobs of one connection, newest first, page by page. It reads itself again while somebody looks:
 * fast after the user's own action, slower when nothing runs or the window has lost the focus, not at all when
 * the view is hidden.
 */
export class JobList implements Disposable {
  readonly #changed = new Emitter<TrainingJobSummary | undefined>();
  /** Fires the one job that changed, or `undefined` when rows came, went or moved. */
  readonly onDidChange = this.#changed.event;

  #jobs: readonly TrainingJobSummary[] = [];
  #nextToken: string | undefined;
  #readAtMs: number | undefined;
  #lastTryMs: number | undefined;
  #failure: ListFailure | undefined;
  #visible = false;
  #focused = true;
  #fastUntilMs = 0;
  readonly #alarm: Alarm;
  #reading: Promise<void> | undefined;
  readonly #end = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    /** Seconds between two looks while nothing runs; 0: only by hand. */
    private readonly idleSeconds: () => number,
  ) {
    this.#alarm = new Alarm(clock);
  }

  get jobs(): readonly TrainingJobSummary[] {
    return this.#jobs;
  }

  get failure(): ListFailure | undefined {
    return this.#failure;
  }

  /** Whether the first answer has come. */
  get loaded(): boolean {
    return this.#readAtMs !== undefined || this.#failure !== undefined;
  }

  get hasMore(): boolean {
    return this.#nextToken !== undefined;
  }

  get runningCount(): number {
    return this.#jobs.filter((job) => !isFinal(job)).length;
  }

  find(name: string): TrainingJobSummary | undefined {
    return this.#jobs.find((job) => job.name === name);
  }

  /** Reads until `dispose`, which ends it with an `AbortError`. */
  async run(): Promise<void> {
    for (;;) {
      if (this.#visible && this.#dueInMs() <= 0) await this.refresh();
      const waitMs = this.#visible ? this.#dueInMs() : Infinity;
      await this.#alarm.wait(Math.min(Math.max(waitMs, 0), longestTimerMs), this.#end.signal);
    }
  }

  /** What the loop knows of its watchers; a view that becomes visible is read at once. */
  setAttention(attention: { readonly visible: boolean; readonly focused: boolean }): void {
    if (attention.visible && !this.#visible) this.#lastTryMs = undefined;
    this.#visible = attention.visible;
    this.#focused = attention.focused;
    this.#alarm.ring();
  }

  /** Reads fast for a while: the user has just launched, stopped or deleted something. */
  hurry(): void {
    this.#fastUntilMs = this.clock.now() + ownActionMs;
    this.#alarm.ring();
  }

  /** Reads the loaded pages again. A failure is kept for the view; the rows stay. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Reads the next page. */
  async loadMore(): Promise<void> {
    const token = this.#nextToken;
    if (token === undefined) return;
    const page = await this.connection.use(
      ({ jobs }) => jobs.listPage({ nextToken: token, maxResults: pageSize }, this.#end.signal),
      this.#end.signal,
    );
    const known = new Set(this.#jobs.map(({ name }) => name));
    this.#jobs = [...this.#jobs, ...page.jobs.filter(({ name }) => !known.has(name))];
    this.#nextToken = page.nextToken;
    this.#changed.fire(undefined);
  }

  /** Takes what a follower has just been told of one job; an unknown one is put on top. */
  update(job: TrainingJobSummary): void {
    const index = this.#jobs.findIndex(({ name }) => name === job.name);
    if (index < 0) {
      this.#jobs = [job, ...this.#jobs];
      this.#changed.fire(undefined);
      return;
    }
    const before = this.#jobs[index];
    if (before && !differs(before, job)) return;
    this.#jobs = this.#jobs.with(index, job);
    this.#changed.fire(job);
  }

  dispose(): void {
    this.#end.abort();
    this.#changed.dispose();
  }

  async #read(): Promise<void> {
    this.#lastTryMs = this.clock.now();
    const wanted = Math.max(this.#jobs.length, 1);
    try {
      const jobs: TrainingJobSummary[] = [];
      let nextToken: string | undefined;
      do {
        const token = nextToken;
        const page = await this.connection.use(
          (session) => session.jobs.listPage({ nextToken: token, maxResults: pageSize }, this.#end.signal),
          this.#end.signal,
        );
        jobs.push(...page.jobs);
        nextToken = page.nextToken;
      } while (nextToken !== undefined && jobs.length < wanted);
      this.#show(jobs, nextToken);
    } catch (error) {
      if (isAbortError(error)) return;
      const problem = error instanceof Error ? error : new Error(String(error));
      this.#failure = { problem, readAtMs: this.#readAtMs };
      this.#changed.fire(undefined);
    }
  }

  #show(jobs: readonly TrainingJobSummary[], nextToken: string | undefined): void {
    const before = this.#jobs;
    const first = this.#readAtMs === undefined || this.#failure !== undefined;
    const sameRows = before.length === jobs.length && jobs.every((job, i) => job.name === before[i]?.name);
    const moreChanged = (this.#nextToken === undefined) !== (nextToken === undefined);
    this.#jobs = jobs;
    this.#nextToken = nextToken;
    this.#readAtMs = this.clock.now();
    this.#failure = undefined;
    if (first || !sameRows || moreChanged) {
      this.#changed.fire(undefined);
      return;
    }
    jobs.forEach((job, i) => {
      const old = before[i];
      if (old && differs(old, job)) this.#changed.fire(job);
    });
  }

  /** Milliseconds until the next look; infinite when only a hand brings it. */
  #dueInMs(): number {
    if (this.#lastTryMs === undefined) return 0;
    const interval = this.#intervalMs();
    return interval === Infinity ? Infinity : this.#lastTryMs + interval - this.clock.now();
  }

  #intervalMs(): number {
    const idleMs = this.idleSeconds() * 1000;
    // Asking again changes nothing until the user has signed in or was given the permission.
    if (isProblem(this.#failure?.problem, 'notSignedIn', 'expired', 'accessDenied')) return Infinity;
    if (this.#failure) return unfocusedMs;
    if (this.clock.now() < this.#fastUntilMs) return fastestMs;
    if (idleMs === 0) return Infinity;
    if (!this.#focused) return Math.max(idleMs, unfocusedMs);
    return this.runningCount > 0 ? Math.min(runningMs, idleMs) : idleMs;
  }
}

function differs(a: TrainingJobSummary, b: TrainingJobSummary): boolean {
  return a.status !== b.status || a.secondaryStatus !== b.secondaryStatus || a.endedMs !== b.endedMs;
}
