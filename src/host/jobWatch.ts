import { isAbortError } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import type { Disposable } from '../core/disposables.ts';
import { Emitter } from '../core/emitter.ts';
import { type Format, formatMetric, formatStandingMetric } from '../core/format.ts';
import type { InterruptionNotice } from '../core/interruption.ts';
import { JobFollower } from '../core/jobFollower.ts';
import { LogFollower, type LogItem, type LogNotice } from '../core/logFollower.ts';
import { logLine, ownLine, statusLine } from '../core/logText.ts';
import { MetricHistory, type MetricRound, savedModelContext } from '../core/metricLog.ts';
import { isFinal, type StatusTransition, type TrainingJob } from '../core/trainingJob.ts';
import type { Connection } from './connection.ts';

/** Where the text of a watch goes: an output channel. */
export interface LogWriter {
  appendLine(line: string): void;
}

export interface JobWatchOptions {
  readonly jobName: string;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly writer: LogWriter;
  readonly format: Format;
  /** The job was described anew, and changed. */
  readonly onJob: (job: TrainingJob) => void;
  /** `round 31 of 200 · validation:rmse 9.014` */
  readonly onProgress: (job: TrainingJob, progress: string) => void;
}

/** A job that nobody looks at is asked for this seldom. */
const backgroundPollMs = 5000;

/** Lines of the log that a snapshot holds. */
const lastLineCount = 20;

/** What a watch has found out so far. */
export interface WatchSnapshot {
  /** `undefined` before the first answer. */
  readonly job: TrainingJob | undefined;
  /** The evaluations that the log has told. */
  readonly rounds: readonly MetricRound[];
  /** The last lines of the log, as its channel shows them. */
  readonly lastLines: readonly string[];
  /**
   * `ended`: the job has ended and its log is complete. `gone`: there is no such job (any more).
   * `closed`: the watch was let go of, or its trouble has ended it.
   */
  readonly state: 'following' | 'ended' | 'gone' | 'closed';
  /** What keeps the watch from hearing more, for now or for good, and since when. */
  readonly trouble: { readonly error: unknown; readonly sinceMs: number } | undefined;
}

/** How a watched job ended. */
export interface WatchEnd {
  readonly job: TrainingJob;
  /** `best validation:rmse 9.00052 (round 32)`; `undefined` when the log has no metrics. */
  readonly metric: string | undefined;
  /** The same in four digits, for a row. */
  readonly rowMetric: string | undefined;
}

/**
 * Follows one job: its state and its log, from the first line to the last one, and writes both into its channel.
 * The job's last word is written after the last line of its log, which may arrive later than the final state.
 */
export class JobWatch implements Disposable {
  /** Resolves when the job has ended and its log is complete; `undefined` when there is no such job, or after `dispose`. */
  readonly ended: Promise<WatchEnd | undefined>;
  readonly #changed = new Emitter<void>();
  /** Fires when the snapshot is another one. */
  readonly onDidChange = this.#changed.event;
  readonly #options: JobWatchOptions;
  readonly #end = new AbortController();
  readonly #jobs: JobFollower<TrainingJob>;
  readonly #logs: LogFollower;
  readonly #metrics = new MetricHistory();
  readonly #hosts = new Set<string>();
  /** Lines about the job's state that wait until the log has been read up to the time they were heard of. */
  readonly #held: { readonly line: string; readonly heardMs: number }[] = [];
  #transitionsWritten = 0;
  #lastMessage: string | undefined;
  readonly #lastLines: string[] = [];
  #state: WatchSnapshot['state'] = 'following';
  #trouble: WatchSnapshot['trouble'];

  constructor(options: JobWatchOptions) {
    this.#options = options;
    const { connection, jobName, clock } = options;
    const pollMs = { inView: connection.followIntervalMs, background: backgroundPollMs };
    this.#jobs = new JobFollower<TrainingJob>({
      describe: (signal) => connection.use(({ jobs }) => jobs.describe(jobName, signal), signal),
      clock,
      pollMs,
      onChange: (job) => this.#onJob(job),
      onNotice: (notice) => this.#onNotice(notice),
    });
    this.#logs = new LogFollower({
      source: {
        listStreams: (signal) => connection.use(({ logs }) => logs.listStreams(jobName, signal), signal),
        readPage: (stream, token, signal) =>
          connection.use(({ logs }) => logs.readPage(jobName, stream, token, signal), signal),
      },
      clock,
      lagMs: connection.logLagMs,
      pollMs,
      onItem: (item) => this.#onItem(item),
    });
    this.inView = true;
    this.ended = this.#run();
  }

  get snapshot(): WatchSnapshot {
    return {
      job: this.#jobs.latest,
      rounds: this.#metrics.rounds,
      lastLines: this.#lastLines,
      state: this.#state,
      trouble: this.#trouble,
    };
  }

  /** Whether the job's log is being looked at: it is then read more often. */
  set inView(value: boolean) {
    this.#jobs.inView = value;
    this.#logs.inView = value;
  }

  /** Asks again at once: after a stop. */
  refresh(): void {
    this.#jobs.refresh();
    this.#logs.refresh();
  }

  dispose(): void {
    this.#end.abort();
  }

  async #run(): Promise<WatchEnd | undefined> {
    const { connection, jobName } = this.#options;
    this.#write(ownLine(`${jobName} · ${connection.place.label}`));
    try {
      const reading = this.#logs.run(this.#end.signal);
      const job = await Promise.race([this.#jobs.run(this.#end.signal), reading.then(() => undefined)]);
      if (!job) {
        this.#write(ownLine('This job no longer exists.'));
        this.#setState('gone');
        this.#end.abort();
        await reading;
        return undefined;
      }
      this.#logs.jobEnded(job.endedMs);
      await reading;
      const end = this.#finish(job);
      this.#setState('ended');
      return end;
    } catch (error) {
      if (!isAbortError(error)) this.#trouble = { error, sinceMs: this.#options.clock.now() };
      if (this.#state === 'following') this.#setState('closed');
      if (isAbortError(error)) return undefined;
      throw error;
    } finally {
      this.#end.abort();
    }
  }

  #onJob(job: TrainingJob): void {
    const waiting = this.#lastMessage === undefined && this.#hosts.size === 0 && !isFinal(job);
    // The last transition is the job's last word and waits for the log, see `#finish`.
    this.#writeTransitions(isFinal(job) ? job.transitions.slice(0, -1) : job.transitions);
    // Without a line of the log there is nothing to be in order with.
    if (this.#hosts.size === 0) this.#writeHeld(Infinity);
    if (waiting) this.#write(ownLine(this.#options.connection.waitingForLog));
    this.#options.onJob(job);
    this.#changed.fire();
  }

  /** Writes new transitions, and a new message of the one that was written last. */
  #writeTransitions(transitions: readonly StatusTransition[]): void {
    for (const [index, { status, startMs, message }] of transitions.entries()) {
      const isNew = index >= this.#transitionsWritten;
      const says = index === this.#transitionsWritten - 1 && message !== this.#lastMessage;
      if (!isNew && !says) continue;
      this.#held.push({ line: statusLine(startMs, status, message), heardMs: this.#options.clock.now() });
      this.#transitionsWritten = index + 1;
      this.#lastMessage = message ?? '';
    }
  }

  #onItem(item: LogItem): void {
    if (item.kind === 'notice') return this.#onNotice(item.notice);
    if (item.kind === 'caughtUp') return this.#writeHeld(item.asOfMs);
    for (const line of item.lines) {
      this.#hosts.add(line.host);
      const text = logLine(line, this.#hosts.size > 1 ? line.host : undefined);
      this.#write(text);
      if (this.#lastLines.push(text) > lastLineCount) this.#lastLines.shift();
      if (this.#metrics.add(line.message)) this.#onRound();
    }
    this.#changed.fire();
  }

  #onNotice(notice: InterruptionNotice | LogNotice): void {
    const { format } = this.#options;
    switch (notice.kind) {
      case 'interrupted':
        this.#setTrouble({ error: notice.problem, sinceMs: notice.sinceMs });
        return this.#write(ownLine(`${format.clockTime(notice.sinceMs)} ${notice.problem.message}`));
      case 'resumed':
        this.#setTrouble(undefined);
        return this.#write(ownLine(`${format.clockTime(notice.untilMs)} Continued, nothing is missing.`));
      case 'noLog':
        return this.#write(ownLine('The job wrote no log. Its role may lack logs:PutLogEvents.'));
    }
  }

  #onRound(): void {
    const job = this.#jobs.latest;
    const latest = this.#metrics.rounds.at(-1);
    const metric = latest?.metrics.at(-1);
    if (!job || !latest || !metric || isFinal(job)) return;
    const of = job.hyperparameters['num_round'];
    const round = `round ${latest.round + 1}${of === undefined ? '' : ` of ${of}`}`;
    this.#options.onProgress(
      job,
      `${round} · ${metric.channel}:${metric.metric} ${formatMetric(metric.value)}`,
    );
  }

  #writeHeld(heardUntilMs: number): void {
    while (this.#held[0] && this.#held[0].heardMs <= heardUntilMs)
      this.#write(this.#held.shift()?.line ?? '');
  }

  #finish(job: TrainingJob): WatchEnd {
    this.#writeHeld(Infinity);
    const standing = job.status === 'Completed' ? this.#metrics.standing(savedModelContext(job)) : undefined;
    const last = job.transitions.at(-1);
    const rounds = this.#metrics.rounds.length;
    const full = standing && formatStandingMetric(standing, 'full');
    const runtime = this.#options.format.duration((job.endedMs ?? job.createdMs) - job.createdMs);
    const summary = [
      job.status === 'Completed' ? [`${rounds} rounds`, full].filter(Boolean).join(', ') : job.failureReason,
      runtime,
    ];
    const text = summary.filter((part) => part !== undefined && part !== '').join(' · ');
    this.#write(statusLine(last?.startMs ?? job.endedMs ?? job.createdMs, last?.status ?? job.status, text));
    return { job, metric: full, rowMetric: standing && formatStandingMetric(standing, 'short') };
  }

  #setState(state: WatchSnapshot['state']): void {
    this.#state = state;
    this.#changed.fire();
  }

  #setTrouble(trouble: WatchSnapshot['trouble']): void {
    this.#trouble = trouble;
    this.#changed.fire();
  }

  #write(line: string): void {
    this.#options.writer.appendLine(line);
  }
}
