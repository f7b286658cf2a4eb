import type { CancellationCheck } from './cancellationCheck.ts';
import { DecimalReader } from './decimal.ts';
import type { DataMatrix } from './matrix.ts';

/** What is wrong with a training file, for the caller to put into the container's words. */
export type MatrixProblem =
  /** A cell that is no number, such as a name in a header. */
  | { readonly kind: 'text'; readonly line: number; readonly column: number; readonly text: string }
  /** A row that is longer or shorter than the first. */
  | { readonly kind: 'ragged'; readonly line: number; readonly expected: number; readonly found: number }
  /** A row without a label. */
  | { readonly kind: 'noLabel'; readonly line: number }
  /** The first row has a label and nothing else: most likely another delimiter. */
  | { readonly kind: 'noFeatures'; readonly line: number };

/** A CSV file that cannot be a matrix; lines and columns count from 1. */
export class MatrixError extends Error {
  override readonly name = 'MatrixError';

  constructor(readonly problem: MatrixProblem) {
    super(describe(problem));
  }
}

function describe(problem: MatrixProblem): string {
  switch (problem.kind) {
    case 'text':
      return `line ${problem.line}, column ${problem.column}: "${problem.text}" is not a number`;
    case 'ragged':
      return `line ${problem.line} has ${problem.found} columns instead of ${problem.expected}`;
    case 'noLabel':
      return `line ${problem.line} has no label`;
    case 'noFeatures':
      return `line ${problem.line} has a label and no features`;
  }
}

const newline = 10;
const carriageReturn = 13;
const space = 32;
const tab = 9;
const byteOrderMark = [0xef, 0xbb, 0xbf];

const firstCapacity = 1024;

/**
 * Builds a matrix from the bytes of a CSV file without a header, label first, as they come. Cells are read by XGBoost's
 * rule for decimals; an empty cell and `nan` are missing values. Holds the numbers and at most one unfinished line.
 */
export class MatrixReader {
  readonly #delimiter: number;
  readonly #hasLabel: boolean;
  readonly #decimal = new DecimalReader();
  /** Label first, when there is one; each with room for `#capacity` rows. */
  #columns: Float32Array[] = [];
  #capacity = 0;
  #rowCount = 0;
  #line = 0;
  /** The unfinished line at the end of the last chunk. */
  #rest = new Uint8Array(0);

  constructor({
    delimiter = ',',
    hasLabel = true,
  }: {
    /** A single ASCII character. */
    readonly delimiter?: string | undefined;
    /** `false` reads rows to predict: every column is a feature. */
    readonly hasLabel?: boolean | undefined;
  } = {}) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#hasLabel = hasLabel;
  }

  push(chunk: Uint8Array): void {
    let begin = 0;
    if (this.#rest.length > 0) {
      const end = chunk.indexOf(newline);
      if (end === -1) {
        this.#rest = joined(this.#rest, chunk);
        return;
      }
      const line = joined(this.#rest, chunk.subarray(0, end));
      this.#rest = new Uint8Array(0);
      this.#readLine(line, 0, line.length);
      begin = end + 1;
    }
    for (;;) {
      const end = chunk.indexOf(newline, begin);
      if (end === -1) break;
      this.#readLine(chunk, begin, end);
      begin = end + 1;
    }
    // A copy, because the caller may use the chunk's memory again.
    if (begin < chunk.length) this.#rest = chunk.slice(begin);
  }

  /** Reads the last line, if it has no end of its own, and gives the matrix. */
  finish(): DataMatrix {
    if (this.#rest.length > 0) this.#readLine(this.#rest, 0, this.#rest.length);
    this.#rest = new Uint8Array(0);
    const rowCount = this.#rowCount;
    // Copies fit exactly, so that the room left over can be freed column by column.
    const columns: Float32Array[] = [];
    for (let i = 0; i < this.#columns.length; i++) {
      columns.push(this.#columns[i]!.slice(0, rowCount));
      this.#columns[i] = new Float32Array(0);
    }
    const labels = this.#hasLabel ? (columns.shift() ?? new Float32Array(0)) : new Float32Array(rowCount);
    return { rowCount, columns, labels };
  }

  #readLine(bytes: Uint8Array, lineBegin: number, lineEnd: number): void {
    this.#line++;
    let begin = lineBegin;
    let end = lineEnd;
    if (end > begin && bytes[end - 1] === carriageReturn) end--;
    if (this.#line === 1 && byteOrderMark.every((byte, i) => bytes[begin + i] === byte)) begin += 3;
    if (begin === end) return;
    if (this.#columns.length === 0) this.#prepareColumns(bytes, begin, end);
    if (this.#rowCount === this.#capacity) this.#grow();
    this.#readCells(bytes, begin, end);
    this.#rowCount++;
  }

  #readCells(bytes: Uint8Array, begin: number, end: number): void {
    const delimiter = this.#delimiter;
    const decimal = this.#decimal;
    const columns = this.#columns;
    const row = this.#rowCount;
    const columnCount = columns.length;
    let column = 0;
    let at = begin;
    for (;;) {
      at = skipSpace(bytes, at, end, delimiter);
      const cell = at;
      let value = NaN;
      if (at < end && bytes[at] !== delimiter) {
        value = decimal.read(bytes, at, end);
        at = decimal.end === at ? at : skipSpace(bytes, decimal.end, end, delimiter);
        if (decimal.end === cell || (at < end && bytes[at] !== delimiter))
          this.#throwText(bytes, cell, end, column);
      } else if (column === 0 && this.#hasLabel) {
        throw new MatrixError({ kind: 'noLabel', line: this.#line });
      }
      if (column < columnCount) columns[column]![row] = value;
      column++;
      if (at >= end) break;
      at++;
    }
    if (column !== columnCount) {
      throw new MatrixError({ kind: 'ragged', line: this.#line, expected: columnCount, found: column });
    }
  }

  #throwText(bytes: Uint8Array, cell: number, end: number, column: number): never {
    let cellEnd = cell;
    while (cellEnd < end && bytes[cellEnd] !== this.#delimiter) cellEnd++;
    const text = new TextDecoder().decode(bytes.subarray(cell, cellEnd)).trim();
    throw new MatrixError({ kind: 'text', line: this.#line, column: column + 1, text });
  }

  #prepareColumns(bytes: Uint8Array, begin: number, end: number): void {
    let count = 1;
    for (let at = begin; at < end; at++) {
      if (bytes[at] === this.#delimiter) count++;
    }
    if (this.#hasLabel && count === 1) throw new MatrixError({ kind: 'noFeatures', line: this.#line });
    this.#capacity = firstCapacity;
    this.#columns = Array.from({ length: count }, () => new Float32Array(firstCapacity));
  }

  #grow(): void {
    // By half: doubling would hold up to twice the memory of the data.
    this.#capacity += this.#capacity >> 1;
    for (let i = 0; i < this.#columns.length; i++) {
      const larger = new Float32Array(this.#capacity);
      larger.set(this.#columns[i]!);
      this.#columns[i] = larger;
    }
  }
}

/** Reads a whole stream of chunks; `check` ends it between chunks. */
export async function readMatrix(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: ConstructorParameters<typeof MatrixReader>[0] = {},
  check: CancellationCheck = () => undefined,
): Promise<DataMatrix> {
  const reader = new MatrixReader(options);
  for await (const chunk of chunks) {
    check();
    reader.push(chunk);
  }
  return reader.finish();
}

function skipSpace(bytes: Uint8Array, begin: number, end: number, delimiter: number): number {
  let at = begin;
  while (at < end && (bytes[at] === space || bytes[at] === tab) && bytes[at] !== delimiter) at++;
  return at;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
