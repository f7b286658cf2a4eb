import type { LogEvent, LogStore, TimeRange } from './logStore.ts';
import { ServiceError } from './wire.ts';

/** All events of some streams by time, then by stream, then as they were written. */
export function* mergedEvents(
  logs: LogStore,
  group: string,
  names: readonly string[],
  range: TimeRange,
): Generator<LogEvent & { readonly stream: string }> {
  const sources = names.map((stream) => {
    const events = eventsOf(logs, group, stream, range);
    return { stream, events, head: events.next() };
  });
  for (;;) {
    let first: (typeof sources)[number] | undefined;
    for (const source of sources) {
      if (source.head.done) continue;
      if (first === undefined || first.head.done) first = source;
      else if (source.head.value.timestampMs < first.head.value.timestampMs) first = source;
    }
    if (!first || first.head.done) return;
    yield { ...first.head.value, stream: first.stream };
    first.head = first.events.next();
  }
}

function* eventsOf(
  logs: LogStore,
  group: string,
  stream: string,
  range: TimeRange,
): Generator<LogEvent, undefined> {
  for (let offset = 0; ;) {
    const page = logs.readForward(group, stream, offset, 1000, range);
    if (page.events.length === 0) return;
    yield* page.events;
    offset = page.end;
  }
}

/**
 * The terms of a filter pattern: all plain ones, none with `-`, and at least one of those with `?`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * Patterns for JSON (`{…}`), for columns (`[…]`) and regular expressions (`%…%`) are refused, not ignored.
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)];
  if (/^\s*[{[%]/.test(pattern) || (pattern.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1) {
    throw new ServiceError(
      'InvalidParameterException',
      'Invalid filter pattern: this service only knows terms, quoted or not, with - or ? before them.',
    );
  }
  const texts = (sign: string): string[] =>
    terms
      .filter((term) => (term[1] ?? '') === sign)
      .map((term) => term[2]?.replace(/\\(.)/g, '$1') ?? term[3] ?? '');
  const [required, excluded, alternatives] = [texts(''), texts('-'), texts('?')];
  return (message) =>
    required.every((text) => message.includes(text)) &&
    !excluded.some((text) => message.includes(text)) &&
    (alternatives.length === 0 || alternatives.some((text) => message.includes(text)));
}

/** A digit string that is the same for the same event every time, and sorts by time. */
export function eventId(streamId: string, timestampMs: number, offset: number): string {
  return String(timestampMs).padStart(14, '0') + streamId + String(offset).padStart(15, '0');
}

/** Twenty-seven digits that differ between streams. */
export function streamIdOf(name: string): string {
  let hash = 0n;
  for (const byte of Buffer.from(name)) hash = (hash * 1_000_003n + BigInt(byte)) % 10n ** 27n;
  return String(hash).padStart(27, '0');
}
