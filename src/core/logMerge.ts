import type { Clock } from './clock.ts';

/** One line of a job's log. */
export interface LogLine {
  /** When the host wrote it, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** Which host wrote it, such as `algo-1`. */
  readonly host: string;
  readonly message: string;
}

interface Buffered {
  readonly timestampMs: number;
  readonly message: string;
}

/** Events of one stream that may wait before it is read no further for the time being. */
const fullAt = 20_000;

/** The lines of one stream that were read and not yet given out. */
export class LogBuffer {
  readonly #pages: {
    readonly events: readonly Buffered[];
    readonly receivedMs: number;
    readonly onTaken: () => void;
  }[] = [];
  #next = 0;
  #count = 0;
  /** Until when this stream is known to have been read to its end; `-Infinity` while there is more to read. */
  readToEndMs = -Infinity;

  constructor(readonly host: string) {}

  /** Adds a page; `onTaken` is called for each of its events that is given out. */
  add(events: readonly Buffered[], receivedMs: number, onTaken: () => void): void {
    if (events.length === 0) return;
    this.#pages.push({ events, receivedMs, onTaken });
    this.#count += events.length;
  }

  get isFull(): boolean {
    return this.#count >= fullAt;
  }

  get head(): Buffered | undefined {
    return this.#pages[0]?.events[this.#next];
  }

  get headReceivedMs(): number {
    return this.#pages[0]?.receivedMs ?? Infinity;
  }

  take(): void {
    const page = this.#pages[0];
    if (page === undefined) return;
    page.onTaken();
    this.#count -= 1;
    this.#next += 1;
    if (this.#next === page.events.length) {
      this.#pages.shift();
      this.#next = 0;
    }
  }
}

/**
 * Merges the lines of several hosts by time. A line waits for hosts that still have older lines to be read. Of hosts
 * that were read to their end an earlier line may yet come, since their clocks and their shipping differ: for those
 * it is held back, but never longer than `holdBackMs`. The order is for reading; no line is ever lost to it.
 */
export class LogMerge {
  readonly #buffers: LogBuffer[] = [];
  #finished = false;

  constructor(
    readonly clock: Clock,
    readonly holdBackMs: number,
  ) {}

  addStream(host: string): LogBuffer {
    const buffer = new LogBuffer(host);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Nothing more will come: nothing is held back any longer. */
  finish(): void {
    this.#finished = true;
  }

  /** The lines that can be given out now, in order. */
  take(): LogLine[] {
    const lines: LogLine[] = [];
    const now = this.clock.now();
    for (let buffer = this.#earliest(); buffer !== undefined; buffer = this.#earliest()) {
      const head = buffer.head;
      if (head === undefined || !this.#mayGo(buffer, head.timestampMs, now)) break;
      lines.push({ timestampMs: head.timestampMs, host: buffer.host, message: head.message });
      buffer.take();
    }
    return lines;
  }

  /** Milliseconds until a line that is held back must go; `Infinity` when none is. */
  nextReleaseMs(): number {
    const buffer = this.#earliest();
    return buffer === undefined ? Infinity : buffer.headReceivedMs + this.holdBackMs - this.clock.now();
  }

  /** The buffer with the earliest head; of equal ones the stream that was found first. */
  #earliest(): LogBuffer | undefined {
    let earliest: LogBuffer | undefined;
    let earliestMs = Infinity;
    for (const buffer of this.#buffers) {
      const timestampMs = buffer.head?.timestampMs ?? Infinity;
      if (timestampMs < earliestMs) {
        earliest = buffer;
        earliestMs = timestampMs;
      }
    }
    return earliest;
  }

  #mayGo(buffer: LogBuffer, timestampMs: number, now: number): boolean {
    if (this.#finished || this.#buffers.length === 1) return true;
    const waitedEnough = now - buffer.headReceivedMs >= this.holdBackMs;
    return this.#buffers.every((other) => {
      if (other === buffer || other.head !== undefined) return true;
      if (other.readToEndMs === -Infinity) return false;
      return waitedEnough || other.readToEndMs - timestampMs >= this.holdBackMs;
    });
  }
}
