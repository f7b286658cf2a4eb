import type { Delimiter } from '../core/csvProfile.ts';
import {
  byteClasses,
  cellKind,
  emptyState,
  kindAt,
  nextState,
  partState,
  pointState,
  signState,
  textState,
  wholeState,
} from './numberCell.ts';
import { UnusableCsv } from './unusableCsv.ts';

/** The bits of `RowReader.kinds` that hold one of `cellKind`. */
export const kindMask = 3;
/** Set in `RowReader.kinds` when the cell has quotes or blanks around it, so that its source is not just its value. */
export const isDressed = 4;
/** Set in `RowReader.kinds` when the cell is given with its quotes, because some within it stand for others. */
export const isQuoted = 8;

/** A row that is longer is no row of a table: a quote was not closed, or the file is something else. */
const longestRowBytes = 16 * 2 ** 20;

const byteOrderMark = [0xef, 0xbb, 0xbf];
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Answer of `#scanQuoted` when the bytes end before the cell does. */
const cutOff = -1;

/** Bytes that mean something to CSV; they follow the classes of `byteClass`, whose last is `blank`. */
const special = { blank: 7, delimiter: 8, lineFeed: 9, carriageReturn: 10, quote: 11, nul: 12 } as const;

/**
 * Splits the bytes of a CSV file into rows and cells (RFC 4180), one row at a time and without making strings.
 *
 * Chunks may end anywhere. Lines end with \n, \r\n or \r; quoted cells may hold line ends and delimiters; what follows
 * a closing quote belongs to the cell, as in Python's reader. Blank lines are skipped. Every row must have as many cells as the
 * first.
 *
 *     reader.push(chunk); while (reader.next()) …        for each chunk, then once more after
 *     reader.end();       while (reader.next()) …
 */
export class RowReader {
  /** Holds the current row; it is good until the next call of `push` or `next`. */
  bytes = new Uint8Array(0);
  /** How many cells the current row has. */
  cells = 0;
  /** Where each cell of the current row starts and ends in `bytes`, without simple quotes around it. */
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** What each cell of the current row is: one of `cellKind`, with `isDressed` and `isQuoted`. */
  kinds = new Uint8Array(64);
  /** The line of the file, from 1, in which the current row starts. */
  line = 0;

  readonly #classes: Uint8Array;
  #length = 0;
  /** Where the next row starts. */
  #position = 0;
  #nextLine = 1;
  #expectedCells = 0;
  #started = false;
  #ended = false;
  /** The last row ended with \r: a \n that follows belongs to it. */
  #skipsLineFeed = false;
  /** The line of a quote that was still open when the bytes ran out, or 0. */
  #openQuoteLine = 0;
  /** Line ends within the quoted cells of the row being read. */
  #linesInRow = 0;

  constructor(delimiter: Delimiter) {
    this.#classes = byteClasses();
    this.#classes[delimiter.charCodeAt(0)] = special.delimiter;
    this.#classes[lineFeed] = special.lineFeed;
    this.#classes[carriageReturn] = special.carriageReturn;
    this.#classes[quote] = special.quote;
    this.#classes[0] = special.nul;
  }

  /** Takes the next bytes of the file (they are copied); all rows before must have been taken by `next`. */
  push(chunk: Uint8Array): void {
    const rest = this.#length - this.#position;
    if (rest > longestRowBytes) this.#failTooLong();
    // One byte more than needed: a line feed behind the last byte ends the inner loop of `#scan` without a second check.
    const needed = rest + chunk.length + 1;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(2 * this.bytes.length, needed + 2 ** 20)));
      larger.set(this.bytes.subarray(this.#position, this.#length));
      this.bytes = larger;
    } else this.bytes.copyWithin(0, this.#position, this.#length);
    this.bytes.set(chunk, rest);
    this.#length = rest + chunk.length;
    this.#position = 0;
    this.bytes[this.#length] = lineFeed;
  }

  /** Says that no bytes follow: the last row may lack its line end. */
  end(): void {
    this.#ended = true;
  }

  /** Moves to the next row that is complete; `false` when there is none yet. Throws `UnusableCsv`. */
  next(): boolean {
    if (!this.#started && !this.#start()) return false;
    while (this.#scan()) {
      const isBlank = this.cells === 1 && (this.kinds[0]! & kindMask) === cellKind.empty;
      if (isBlank) continue;
      if (this.#expectedCells === 0) this.#expectedCells = this.cells;
      else if (this.cells !== this.#expectedCells) this.#failRagged();
      return true;
    }
    return false;
  }

  /** Skips a byte-order mark, once there are enough bytes to see one. */
  #start(): boolean {
    if (this.#length < byteOrderMark.length && !this.#ended) return false;
    this.#started = true;
    if (hasByteOrderMark(this.bytes)) this.#position = byteOrderMark.length;
    return true;
  }

  /** Splits the line at `#position` into cells; `false` when it is not complete, and nothing has moved then. */
  #scan(): boolean {
    const bytes = this.bytes;
    const classes = this.#classes;
    const length = this.#length;
    if (this.#skipsLineFeed && this.#position < length) {
      if (bytes[this.#position] === lineFeed) this.#position++;
      this.#skipsLineFeed = false;
    }
    const rowStart = this.#position;
    this.#linesInRow = 0;
    this.#openQuoteLine = 0;
    let cell = 0;
    let start = rowStart;
    let state = emptyState;
    let marks = 0;
    let i = rowStart;
    for (;;) {
      if (i === start) {
        // Nearly all cells are plain decimals. Their digits are skipped here without a step of the table for each, which
        // makes reading them twice as fast; the table takes over wherever they end.
        let byte = bytes[i]!;
        if (byte === minus) {
          byte = bytes[++i]!;
          state = signState;
        }
        if (byte >= zero && byte <= nine) {
          do byte = bytes[++i]!;
          while (byte >= zero && byte <= nine);
          state = wholeState;
        }
        if (byte === point) {
          byte = bytes[++i]!;
          if (byte >= zero && byte <= nine) {
            do byte = bytes[++i]!;
            while (byte >= zero && byte <= nine);
            state = partState;
          } else state = state === wholeState ? partState : pointState;
        }
      }
      let meaning = classes[bytes[i]!]!;
      while (meaning < special.blank) {
        state = nextState[state + meaning]!;
        meaning = classes[bytes[++i]!]!;
      }
      switch (meaning) {
        case special.blank:
          state = nextState[state + special.blank]!;
          marks |= isDressed;
          i++;
          continue;
        case special.delimiter:
          this.#put(cell++, start, i, kindAt[state]! | marks);
          start = ++i;
          state = emptyState;
          marks = 0;
          continue;
        case special.quote: {
          if (i > start) {
            state = textState;
            i++;
            continue;
          }
          i = this.#scanQuoted(i, cell++);
          if (i === cutOff) return false;
          // The cell is put already, so a line end needs nothing more here.
          if (classes[bytes[i]!] === special.delimiter) {
            start = ++i;
            state = emptyState;
            marks = 0;
            continue;
          }
          break;
        }
        case special.nul:
          throw notText();
        default:
          if (i === length && (!this.#ended || rowStart === length)) return false;
          this.#put(cell++, start, i, kindAt[state]! | marks);
      }
      // At a line end, or at the end of the file.
      if (i === length && !this.#ended) return false;
      this.cells = cell;
      this.line = this.#nextLine;
      this.#nextLine += this.#linesInRow + 1;
      this.#skipsLineFeed = bytes[i] === carriageReturn;
      this.#position = Math.min(i + 1, length);
      return true;
    }
  }

  /** Puts the quoted cell that opens at `open`; answers where the delimiter or line end after it is, or `cutOff`. */
  #scanQuoted(open: number, cell: number): number {
    const bytes = this.bytes;
    const classes = this.#classes;
    const length = this.#length;
    const openLine = this.#nextLine + this.#linesInRow;
    let state = emptyState;
    let isSimple = true;
    let i = open + 1;
    for (; ; i++) {
      const meaning = classes[bytes[i]!]!;
      if (meaning <= special.blank) state = nextState[state + meaning]!;
      else if (meaning === special.quote) {
        if (i + 1 >= length && !this.#ended) return cutOff;
        if (bytes[i + 1] !== quote) break;
        i++;
        isSimple = false;
        state = textState;
      } else {
        if (i >= length) {
          this.#openQuoteLine = openLine;
          if (this.#ended) this.#failTooLong();
          return cutOff;
        }
        if (meaning === special.nul) throw notText();
        if (meaning === special.carriageReturn) this.#linesInRow++;
        if (meaning === special.lineFeed && bytes[i - 1] !== carriageReturn) this.#linesInRow++;
        state = textState;
      }
    }
    const close = i++;
    // What follows without quotes is part of the cell, unless it is blank.
    for (; ; i++) {
      const meaning = classes[bytes[i]!]!;
      if (meaning === special.nul) throw notText();
      if (meaning !== special.quote && meaning > special.blank) break;
      if (meaning !== special.blank) isSimple = false;
    }
    if (isSimple) this.#put(cell, open + 1, close, kindAt[state]! | isDressed);
    else this.#put(cell, open, i, cellKind.text | isDressed | isQuoted);
    return i;
  }

  #put(cell: number, start: number, end: number, kind: number): void {
    if (cell === this.starts.length) {
      this.starts = doubled(this.starts, new Int32Array(2 * cell));
      this.ends = doubled(this.ends, new Int32Array(2 * cell));
      this.kinds = doubled(this.kinds, new Uint8Array(2 * cell));
    }
    this.starts[cell] = start;
    this.ends[cell] = end;
    this.kinds[cell] = kind;
  }

  #failTooLong(): never {
    if (this.#openQuoteLine > 0)
      throw new UnusableCsv('badQuoting', `a quote opens in line ${this.#openQuoteLine} and is never closed`);
    throw new UnusableCsv('notText', `line ${this.#nextLine} is too long for a row of a table`);
  }

  #failRagged(): never {
    const cells = this.cells === 1 ? '1 cell' : `${this.cells} cells`;
    throw new UnusableCsv(
      'ragged',
      `line ${this.line} has ${cells} where the first has ${this.#expectedCells}`,
    );
  }
}

/** Tells whether a file starts with the mark that some programs write before UTF-8. */
export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return byteOrderMark.every((byte, index) => bytes[index] === byte);
}

/** The failure of a file that holds bytes which no text has. */
export function notText(): UnusableCsv {
  return new UnusableCsv('notText', 'the file is not UTF-8 text; UTF-16 and binary files can’t be read');
}

function doubled<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
