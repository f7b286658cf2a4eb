import type { LogEvent, LogPage, LogSource } from '../../src/core/logFollower.ts';
import type { Clock } from '../../src/core/clock.ts';

interface ScriptedEvent extends LogEvent {
  /** When the service begins to show it. */
  readonly visibleMs: number;
}

/**
 * A log service in memory with the real one's manners: events become visible some time after they were written,
 * a stream exists from its first visible event on, and tokens are places in a stream that repeat at its end.
 */
export class ScriptedLog implements LogSource {
  readonly #streams = new Map<string, ScriptedEvent[]>();
  readonly #reading = new Set<string>();
  /** Called before each answer; may throw, as a service that throttles does. */
  beforeAnswer: (operation: 'listStreams' | 'readPage') => void = () => undefined;
  /** How many of the events that are there a page holds. */
  pageSize: (available: number) => number = (available) => Math.min(available, 10_000);
  /** Tokens older than this are forgotten. */
  tokensIssuedSince = 0;
  calls = 0;
  /** Whether a stream was ever asked for while an answer about it was pending. */
  overlapped = false;

  constructor(readonly clock: Clock) {}

  write(stream: string, message: string, timestampMs = this.clock.now(), visibleMs = timestampMs): void {
    const events = this.#streams.get(stream) ?? [];
    events.push({ timestampMs, message, visibleMs });
    this.#streams.set(stream, events);
  }

  async listStreams(): Promise<readonly string[]> {
    this.calls += 1;
    this.beforeAnswer('listStreams');
    return [...this.#streams.keys()].filter((name) => this.#visible(name).length > 0).sort();
  }

  async readPage(stream: string, token: string | undefined): Promise<LogPage | 'expired' | undefined> {
    this.calls += 1;
    if (this.#reading.has(stream)) this.overlapped = true;
    this.#reading.add(stream);
    await Promise.resolve();
    this.#reading.delete(stream);
    this.beforeAnswer('readPage');
    const events = this.#visible(stream);
    if (events.length === 0) return undefined;
    const [from = 0, issuedMs = Infinity] = token?.split('/').slice(1).map(Number) ?? [];
    if (issuedMs < this.tokensIssuedSince) return 'expired';
    const available = events.length - from;
    if (available === 0 && token !== undefined) return { events: [], nextToken: token };
    const size = Math.min(this.pageSize(available), available);
    return { events: events.slice(from, from + size), nextToken: this.#token(from + size, token) };
  }

  /** Every answer carries a token of its own, except that the end of a stream repeats the one that was sent. */
  #token(place: number, sent: string | undefined): string {
    const token = `f/${place}/${this.clock.now()}`;
    return token === sent ? `f/${place}/${this.clock.now() + 1}` : token;
  }

  #visible(stream: string): readonly ScriptedEvent[] {
    const now = this.clock.now();
    const events = this.#streams.get(stream) ?? [];
    const hidden = events.findIndex((event) => event.visibleMs > now);
    return hidden === -1 ? events : events.slice(0, hidden);
  }
}
