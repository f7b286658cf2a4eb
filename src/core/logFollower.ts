import { Alarm } from './alarm.ts';
import { throwIfAborted } from './cancellation.ts';
import type { Clock } from './clock.ts';
import { Interruption, type InterruptionNotice } from './interruption.ts';
import { type LogLine, LogMerge } from './logMerge.ts';
import { type LogSource, type LogStreamPosition, LogStreamReader } from './logStream.ts';
import { isProblem } from './problem.ts';

export type { LogLine } from './logMerge.ts';
export type { LogEvent, LogPage, LogSource, LogStreamPosition } from './logStream.ts';

/** How far each stream has been emitted, by stream name: JSON-safe, to go on from after a window was reloaded. */
export type LogPosition = Readonly<Record<string, LogStreamPosition>>;

/** What following a log gives, in order. */
export type LogItem =
  | { readonly kind: 'lines'; readonly lines: readonly LogLine[] }
  /** All that was there when a round of reading began, at that time by our clock, has been given. */
  | { readonly kind: 'caughtUp'; readonly asOfMs: number }
  | { readonly kind: 'notice'; readonly notice: LogNotice };

/** `noLog`: the job ended and nothing was ever written. */
export type LogNotice = InterruptionNotice | { readonly kind: 'noLog' };

export interface LogFollowerOptions {
  readonly source: LogSource;
  readonly clock: Clock;
  readonly onItem: (item: LogItem) => void;
  /** For how long after the job's end lines may still arrive: about 10 s on AWS, none where writing is immediate. */
  readonly lagMs: number;
  /** How long a line of one host waits for earlier ones of the others. */
  readonly holdBackMs?: number;
  /** Milliseconds between two polls while the log is in view, and while it is not. */
  readonly pollMs?: { readonly inView: number; readonly background: number };
  /** Where an earlier follower of the same job stopped. */
  readonly position?: LogPosition;
  readonly random?: () => number;
}

/** A new stream (a late host, a restart on spot capacity) is noticed within this time. */
const discoverEveryMs = 10_000;

/**
 * Follows the log of one job to its true end: every stream from its first event by forward tokens, streams that
 * appear late, and the lines that arrive after the job's final status; each line once, ordered by time across hosts.
 *
 * The end is reached when the job has ended (`jobEnded`), the lag has passed, the streams were listed once more, and
 * each of them then answered twice with the token it was sent. Empty pages, throttles, broken connections and expired
 * credentials end nothing.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #alarm: Alarm;
  readonly #merge: LogMerge;
  readonly #readers = new Map<string, LogStreamReader>();
  #inView = false;
  #drainFromMs: number | undefined;
  #discoveredMs = -Infinity;
  #discoveredInDrain = false;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#merge = new LogMerge(options.clock, options.holdBackMs ?? 2000);
  }

  /** Whether the log is being looked at, which makes it read every second. */
  set inView(value: boolean) {
    if (value && !this.#inView) this.#alarm.ring();
    this.#inView = value;
  }

  /** Tells that the job reached its final status, at that time by the service's clock if it is known. */
  jobEnded(endedMs?: number): void {
    const now = this.#options.clock.now();
    // A clock of ours that is behind must not make the drain longer than the lag.
    this.#drainFromMs = Math.min(endedMs ?? now, now) + this.#options.lagMs;
    this.#alarm.ring();
  }

  /** Reads again without waiting, after a sign-in for instance. */
  refresh(): void {
    this.#alarm.ring();
  }

  /** How far the lines given so far reach. */
  get position(): LogPosition {
    const position: Record<string, LogStreamPosition> = { ...this.#options.position };
    for (const [name, reader] of this.#readers) position[name] = reader.position;
    return position;
  }

  /** Resolves when the log is complete; rejects with an `AbortError` when the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const tell = (notice: LogNotice): void => this.#options.onItem({ kind: 'notice', notice });
    const interruption = new Interruption(clock, tell, random);
    for (;;) {
      throwIfAborted(signal);
      let waitMs: number;
      try {
        // What was known to be final before the round is; what becomes so meanwhile needs another one.
        const draining = this.#drainFromMs !== undefined && clock.now() >= this.#drainFromMs;
        const asOfMs = clock.now();
        await this.#round(draining, signal);
        interruption.succeeded();
        if (!this.#isBehind()) this.#options.onItem({ kind: 'caughtUp', asOfMs });
        if (draining && this.#isComplete()) break;
        waitMs = this.#waitMs(draining);
      } catch (error) {
        // A log that may not be read is asked for again while its job runs, but not for ever.
        if (this.#drainFromMs !== undefined && isProblem(error, 'accessDenied')) throw error;
        waitMs = interruption.failed(error);
      }
      if (waitMs > 0) await this.#alarm.wait(waitMs, signal);
    }
    this.#merge.finish();
    this.#emit();
    if (this.#readers.size === 0) tell({ kind: 'noLog' });
  }

  /** Lists the streams if that is due, and reads one page of each; never two of the same stream at a time. */
  async #round(draining: boolean, signal: AbortSignal): Promise<void> {
    if (this.#isDiscoveryDue(draining)) await this.#discover(draining, signal);
    const readers = [...this.#readers.values()].filter(
      (reader) => !reader.buffer.isFull && !(draining && reader.isDrained),
    );
    const outcomes = await Promise.allSettled(readers.map((reader) => this.#read(reader, draining, signal)));
    this.#emit();
    // All have settled, so that nothing of this round is left running; one failure stands for all of them.
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #read(reader: LogStreamReader, draining: boolean, signal: AbortSignal): Promise<void> {
    if (await reader.read(draining, signal)) this.#emit();
  }

  #isDiscoveryDue(draining: boolean): boolean {
    if (draining) return !this.#discoveredInDrain;
    return this.#readers.size === 0 || this.#options.clock.now() - this.#discoveredMs >= discoverEveryMs;
  }

  async #discover(draining: boolean, signal: AbortSignal): Promise<void> {
    const startedMs = this.#options.clock.now();
    for (const name of await this.#options.source.listStreams(signal)) {
      if (this.#readers.has(name)) continue;
      const buffer = this.#merge.addStream(hostOf(name));
      this.#readers.set(
        name,
        new LogStreamReader(
          this.#options.source,
          name,
          buffer,
          this.#options.clock,
          this.#options.position?.[name],
        ),
      );
    }
    this.#discoveredMs = startedMs;
    this.#discoveredInDrain = draining;
  }

  /** Whether some stream has probably more to read right now. */
  #isBehind(): boolean {
    return [...this.#readers.values()].some((reader) => reader.isBehind);
  }

  #isComplete(): boolean {
    return this.#discoveredInDrain && [...this.#readers.values()].every((reader) => reader.isDrained);
  }

  #waitMs(draining: boolean): number {
    const { clock, pollMs = { inView: 1000, background: 5000 } } = this.#options;
    const canGoOn = [...this.#readers.values()].some((reader) => reader.isBehind && !reader.buffer.isFull);
    if (draining || canGoOn) return 0;
    const pollAgainMs = this.#inView ? pollMs.inView : pollMs.background;
    const untilDrainMs = this.#drainFromMs === undefined ? Infinity : this.#drainFromMs - clock.now();
    return Math.max(0, Math.min(pollAgainMs, untilDrainMs, this.#merge.nextReleaseMs()));
  }

  #emit(): void {
    const lines = this.#merge.take();
    if (lines.length > 0) this.#options.onItem({ kind: 'lines', lines });
  }
}

/** The host of a stream `<job>/<host>-<epoch>` (also with something behind), such as `algo-1`. */
function hostOf(stream: string): string {
  const name = stream.slice(stream.indexOf('/') + 1);
  return name.replace(/-\d{10,}(?=\/|$)/, '');
}
