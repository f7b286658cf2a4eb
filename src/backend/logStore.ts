import { closeSync, fstatSync, mkdirSync, openSync, readSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A line of a log. */
export interface LogEvent {
  readonly timestampMs: number;
  readonly message: string;
  /** Byte offset of the event in its stream: its identity, and a place to read on from. */
  readonly offset: number;
}

/** Some events in a row, and the offsets where the pages before and after it lie. */
export interface LogPage {
  readonly events: readonly LogEvent[];
  readonly start: number;
  readonly end: number;
}

export interface LogStreamInfo {
  readonly name: string;
  readonly sizeBytes: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

/** Which events of a stream: `fromMs` ≤ time < `untilMs`. */
export interface TimeRange {
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** A page of the service holds at most 10,000 events and 1 MB. */
export const maxPageEvents = 10_000;
const maxPageBytes = 1024 * 1024;

/** Longer lines are cut, so that one always fits into a page. */
const maxMessageBytes = 256 * 1024;

/** Each event is a line `<13 digits of milliseconds> <message>`, so an event's time can be read without its text. */
const timeDigits = 13;
const prefixBytes = timeDigits + 1;

interface Stream {
  readonly path: string;
  /** Up to the last complete line: what a killed process wrote half does not count. */
  sizeBytes: number;
  firstMs: number | undefined;
  lastMs: number | undefined;
}

/**
 * Logs on disk: one file that only grows for each stream, in one folder for each group. Times never decrease within a
 * stream, so every read is a range of bytes that a binary search finds, however long the log is.
 */
export class LogStore {
  readonly #folder: string;
  /** Group → stream → what is known of its file; `undefined` until somebody asks. */
  readonly #groups = new Map<string, Map<string, Stream | undefined>>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const group of namesIn(folder, 'folders')) {
      const streams = namesIn(join(folder, encodeURIComponent(group)), 'files');
      this.#groups.set(group, new Map(streams.map((name) => [name, undefined] as const)));
    }
  }

  /** Names of the groups, sorted. A group exists from its first stream on. */
  groups(): readonly string[] {
    return [...this.#groups.keys()].sort();
  }

  /** Names of a group's streams, sorted; `undefined` when there is no such group. */
  streams(group: string): readonly string[] | undefined {
    const streams = this.#groups.get(group);
    return streams && [...streams.keys()].sort();
  }

  describe(group: string, name: string): LogStreamInfo | undefined {
    const stream = this.#find(group, name);
    return stream && { name, sizeBytes: stream.sizeBytes, firstMs: stream.firstMs, lastMs: stream.lastMs };
  }

  /** Starts a stream; its name must be new. */
  create(group: string, name: string): LogWriter {
    let streams = this.#groups.get(group);
    if (!streams) {
      mkdirSync(join(this.#folder, encodeURIComponent(group)), { recursive: true });
      streams = new Map();
      this.#groups.set(group, streams);
    }
    const stream: Stream = {
      path: this.#path(group, name),
      sizeBytes: 0,
      firstMs: undefined,
      lastMs: undefined,
    };
    const file = openSync(stream.path, 'ax');
    streams.set(name, stream);
    return new LogWriter(file, stream);
  }

  /** The first events at or after an offset. */
  readForward(group: string, name: string, offset: number, limit: number, range: TimeRange = {}): LogPage {
    return this.#withFile(group, name, (file) => {
      const start = Math.max(offset, file.seek(range.fromMs));
      const bound = range.untilMs === undefined ? file.sizeBytes : file.seek(range.untilMs);
      if (start >= bound) return { events: [], start: offset, end: offset };
      const bytes = file.read(start, Math.min(bound, start + maxPageBytes));
      return toPage(bytes, start, endOfLines(bytes, limit));
    });
  }

  /** The last events before an offset; before the end of the stream when the offset is left out. */
  readBackward(
    group: string,
    name: string,
    offset: number | undefined,
    limit: number,
    range: TimeRange = {},
  ): LogPage {
    return this.#withFile(group, name, (file) => {
      const lower = file.seek(range.fromMs);
      const upper = range.untilMs === undefined ? file.sizeBytes : file.seek(range.untilMs);
      const end = Math.min(offset ?? upper, upper);
      if (end <= lower) return { events: [], start: offset ?? end, end: offset ?? end };
      const from = Math.max(lower, end - maxPageBytes);
      const bytes = file.read(from, end);
      const first = startOfLines(bytes, limit, from === lower);
      return toPage(bytes.subarray(first), from + first, bytes.length - first);
    });
  }

  /** Tells whether a page can begin at this offset: a stream's tokens come from its clients again. */
  isBoundary(group: string, name: string, offset: number): boolean {
    return this.#withFile(
      group,
      name,
      (file) => offset >= 0 && offset <= file.sizeBytes && file.lineStart(offset) === offset,
    );
  }

  /** Removes every group. */
  deleteAll(): void {
    for (const group of this.#groups.keys()) {
      rmSync(join(this.#folder, encodeURIComponent(group)), { recursive: true, force: true });
    }
    this.#groups.clear();
  }

  /** Bytes of all logs on disk. */
  sizeBytes(): number {
    let total = 0;
    for (const [group, streams] of this.#groups) {
      for (const name of streams.keys()) total += this.describe(group, name)?.sizeBytes ?? 0;
    }
    return total;
  }

  #path(group: string, name: string): string {
    return join(this.#folder, encodeURIComponent(group), encodeURIComponent(name));
  }

  #find(group: string, name: string): Stream | undefined {
    const streams = this.#groups.get(group);
    if (!streams?.has(name)) return undefined;
    const known = streams.get(name);
    if (known) return known;
    const stream = loadStream(this.#path(group, name));
    streams.set(name, stream);
    return stream;
  }

  #withFile<T>(group: string, name: string, use: (file: LogFile) => T): T {
    const stream = this.#find(group, name);
    if (!stream) throw new Error(`There is no log stream ${name} in ${group}.`);
    const file = openSync(stream.path, 'r');
    try {
      return use(new LogFile(file, stream.sizeBytes));
    } finally {
      closeSync(file);
    }
  }
}

/** Appends to one stream. */
export class LogWriter {
  readonly #file: number;
  readonly #stream: Stream;
  #closed = false;

  constructor(file: number, stream: Stream) {
    this.#file = file;
    this.#stream = stream;
  }

  /**
   * Stores lines as SageMaker's log agent does: one event a line, control characters as `#` and three octal digits
   * (a tab is `#011`). They are on disk when this returns.
   */
  append(timestampMs: number, text: string): void {
    if (this.#closed) return;
    const time = Math.max(timestampMs, this.#stream.lastMs ?? 0);
    const lines = text.split('\n').map((line) => Buffer.from(`${time} ${cut(escapeControls(line))}\n`));
    const bytes = Buffer.concat(lines);
    writeSync(this.#file, bytes);
    this.#stream.firstMs ??= time;
    this.#stream.lastMs = time;
    this.#stream.sizeBytes += bytes.length;
  }

  /** Later lines are dropped. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}

/** The names that the folders or files of a folder stand for; what file managers and people put there is none. */
function namesIn(folder: string, kind: 'folders' | 'files'): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (kind === 'folders' ? entry.isDirectory() : entry.isFile()))
    .filter(({ name }) => /^(?!\.)(?:[^%]|%[0-9A-F]{2})+$/.test(name))
    .map(({ name }) => decodeURIComponent(name));
}

function escapeControls(line: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return line.replace(/[\x00-\x1f\x7f]/g, (character) => {
    return `#${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
}

function cut(line: string): string {
  if (line.length * 3 <= maxMessageBytes || Buffer.byteLength(line) <= maxMessageBytes) return line;
  return line.slice(0, Math.floor(maxMessageBytes / 3));
}

function loadStream(path: string): Stream {
  const file = openSync(path, 'r');
  try {
    const view = new LogFile(file, fstatSync(file).size);
    const sizeBytes = view.lastLineEnd();
    const lastStart = sizeBytes === 0 ? 0 : view.previousLineStart(sizeBytes);
    return {
      path,
      sizeBytes,
      firstMs: sizeBytes === 0 ? undefined : view.timeAt(0),
      lastMs: sizeBytes === 0 ? undefined : view.timeAt(lastStart),
    };
  } finally {
    closeSync(file);
  }
}

const blockBytes = 4096;
const newline = 10;

/** An open log file, with the few movements that reading needs. */
class LogFile {
  readonly #file: number;
  readonly sizeBytes: number;

  constructor(file: number, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  read(start: number, end: number): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    const count = readSync(this.#file, bytes, 0, bytes.length, start);
    return bytes.subarray(0, count);
  }

  timeAt(lineStart: number): number {
    return Number(this.read(lineStart, lineStart + timeDigits).toString('latin1'));
  }

  /** Where the first line at or after an offset begins; the size when there is none. */
  lineStart(offset: number): number {
    if (offset <= 0) return 0;
    for (let at = offset - 1; at < this.sizeBytes; at += blockBytes) {
      const found = this.read(at, Math.min(at + blockBytes, this.sizeBytes)).indexOf(newline);
      if (found >= 0) return at + found + 1;
    }
    return this.sizeBytes;
  }

  /** Where the last complete line ends. */
  lastLineEnd(): number {
    for (let end = this.sizeBytes; end > 0; end -= blockBytes) {
      const start = Math.max(0, end - blockBytes);
      const found = this.read(start, end).lastIndexOf(newline);
      if (found >= 0) return start + found + 1;
    }
    return 0;
  }

  /** Where the line begins that ends at `lineEnd`. */
  previousLineStart(lineEnd: number): number {
    return new LogFile(this.#file, lineEnd - 1).lastLineEnd();
  }

  /** Where the first event at or after a time begins; the start when no time is given. */
  seek(timeMs: number | undefined): number {
    if (timeMs === undefined) return 0;
    let low = 0;
    let high = this.sizeBytes;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const start = this.lineStart(middle);
      if (start >= high || this.timeAt(start) >= timeMs) high = middle;
      else low = start + 1;
    }
    return this.lineStart(low);
  }
}

/** Where the first `limit` lines of some bytes end; an incomplete last line is left out. */
function endOfLines(bytes: Buffer, limit: number): number {
  let end = 0;
  for (let lines = 0; lines < limit; lines++) {
    const found = bytes.indexOf(newline, end);
    if (found < 0) break;
    end = found + 1;
  }
  return end;
}

/** Where the last `limit` lines of some bytes begin; without a whole first line, that one is left out. */
function startOfLines(bytes: Buffer, limit: number, firstIsWhole: boolean): number {
  let start = bytes.length;
  for (let lines = 0; lines < limit && start > 0; lines++) {
    // From before the newline that ends the line.
    const found = start < 2 ? -1 : bytes.lastIndexOf(newline, start - 2);
    if (found < 0) return firstIsWhole ? 0 : start;
    start = found + 1;
  }
  return start;
}

function toPage(bytes: Buffer, start: number, length: number): LogPage {
  const events: LogEvent[] = [];
  let at = 0;
  while (at < length) {
    const end = bytes.indexOf(newline, at);
    events.push({
      timestampMs: Number(bytes.toString('latin1', at, at + timeDigits)),
      message: bytes.toString('utf8', at + prefixBytes, end),
      offset: start + at,
    });
    at = end + 1;
  }
  return { events, start, end: start + length };
}
