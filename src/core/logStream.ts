import type { Clock } from './clock.ts';
import type { LogBuffer } from './logMerge.ts';

/** One event of a log stream, as the service tells it. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly message: string;
}

/** A part of a stream, and the token of what follows: the token that was sent when nothing does yet. */
export interface LogPage {
  readonly events: readonly LogEvent[];
  readonly nextToken: string;
}

/** Where the log of one job comes from. */
export interface LogSource {
  /** The names of the streams that exist; none before the first line was written. */
  listStreams(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Reads on from a token, from the first event without one. `undefined` when there is no such stream (yet);
   * `'expired'` when the service no longer knows the token, which it forgets after a day.
   */
  readPage(
    stream: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<LogPage | 'expired' | undefined>;
}

/** How far a stream was given out: the token of a page, and how many of its first events are behind us. */
export interface LogStreamPosition {
  readonly token?: string;
  readonly skip: number;
  /** Events given out since the stream's beginning, to find the place again when the token has expired. */
  readonly emitted: number;
}

/** A page this large, or one that ends long ago, has probably more behind it. */
const largePage = 1000;
const longAgoMs = 10_000;

/** Reads one stream forwards, page by page, into its buffer. */
export class LogStreamReader {
  #token: string | undefined;
  /** First events of the next page that were given out before. */
  #skip: number;
  #position: LogStreamPosition;
  /** Events that went into the buffer, or were given out before, since the stream's beginning. */
  #received: number;
  #unchangedInDrain = 0;
  #behind = true;

  constructor(
    readonly source: LogSource,
    readonly name: string,
    readonly buffer: LogBuffer,
    readonly clock: Clock,
    position: LogStreamPosition = { skip: 0, emitted: 0 },
  ) {
    this.#token = position.token;
    this.#skip = position.skip;
    this.#received = position.emitted;
    this.#position = position;
  }

  /** How far the events given out reach. */
  get position(): LogStreamPosition {
    return this.#position;
  }

  /** Whether there is probably more to read at once. */
  get isBehind(): boolean {
    return this.#behind;
  }

  /** Whether two reads in a row after the job's end brought nothing new. */
  get isDrained(): boolean {
    return this.#unchangedInDrain >= 2;
  }

  /** Reads one page; tells whether it brought events. A failure changes nothing, so that the read can be repeated. */
  async read(draining: boolean, signal: AbortSignal): Promise<boolean> {
    const startedMs = this.clock.now();
    const sent = this.#token;
    const page = await this.source.readPage(this.name, sent, signal);
    if (page === 'expired') {
      this.#restart();
      return false;
    }
    const unchanged = page === undefined || page.nextToken === sent;
    if (draining && unchanged) this.#unchangedInDrain += 1;
    else this.#unchangedInDrain = 0;
    this.#behind = !unchanged && this.#seemsBehind(page.events);
    if (this.isDrained) this.buffer.readToEndMs = Infinity;
    else this.buffer.readToEndMs = this.#behind ? -Infinity : startedMs;
    // A page that repeats its token brings nothing, whatever is in it.
    if (unchanged) return false;
    const skipped = Math.min(this.#skip, page.events.length);
    this.#skip -= skipped;
    this.#token = page.nextToken;
    const events = skipped === 0 ? page.events : page.events.slice(skipped);
    this.#received += events.length;
    this.buffer.add(events, startedMs, this.#account(sent, skipped, events.length, page.nextToken));
    return events.length > 0;
  }

  /** Moves the position on with each event that is given out: inside its page, and behind it after the last one. */
  #account(token: string | undefined, skipped: number, count: number, nextToken: string): () => void {
    let taken = 0;
    return () => {
      taken += 1;
      const emitted = this.#position.emitted + 1;
      if (taken === count) this.#position = { token: nextToken, skip: 0, emitted };
      else this.#position = { ...(token !== undefined && { token }), skip: skipped + taken, emitted };
    };
  }

  /** An empty page with a new token is not the end, nor is a short one whose events are old. */
  #seemsBehind(events: readonly LogEvent[]): boolean {
    const last = events.at(-1);
    if (last === undefined || events.length >= largePage) return true;
    return this.clock.now() - last.timestampMs > longAgoMs;
  }

  /** The token is gone: reads from the beginning again, past all that was given out or waits to be. */
  #restart(): void {
    this.#token = undefined;
    this.#skip = this.#received;
    this.#behind = true;
  }
}
