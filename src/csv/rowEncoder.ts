import type { Delimiter } from '../core/csvProfile.ts';
import type { CellText } from './cellText.ts';
import { cellKind } from './numberCell.ts';
import { isDressed, kindMask, type RowReader } from './rowReader.ts';
import { UnusableCsv } from './unusableCsv.ts';

/** Which columns of a file are written, by index from 0. */
export interface ColumnChoice {
  readonly delimiter: Delimiter;
  readonly labelColumn: number;
  readonly droppedColumns: readonly number[];
  /** Their text cells are written as missing values. */
  readonly textAsMissingColumns: readonly number[];
}

/** Neighbouring features, from the first to the last column; in most rows they can be copied in one piece. */
interface Run {
  readonly first: number;
  readonly last: number;
}

const comma = 0x2c;
const lineFeed = 0x0a;
const fewBytes = 24;
const nan = [0x6e, 0x61, 0x6e];

/**
 * Writes rows as XGBoost reads them: label, features in the order of the file, commas, `\n`. Digits stay as they are;
 * quotes and blanks around them go, and missing values become empty. Throws `UnusableCsv` where a cell that is written
 * has text.
 */
export class RowEncoder {
  /** How many bytes the label of the row written last takes. */
  labelLength = 0;

  readonly #choice: ColumnChoice;
  readonly #names: readonly string[];
  readonly #text: CellText;
  readonly #runs: readonly Run[];
  readonly #missing: readonly number[];

  /** `names` are those of all columns of the file. */
  constructor(choice: ColumnChoice, names: readonly string[], text: CellText) {
    this.#choice = choice;
    this.#names = names;
    this.#text = text;
    const features = names.flatMap((_, column) =>
      column === choice.labelColumn || choice.droppedColumns.includes(column) ? [] : [column],
    );
    if (features.length === 0) throw new UnusableCsv('oneColumn', 'no column is left to learn from');
    this.#runs =
      choice.delimiter === ',' ? runsOf(features) : features.map((at) => ({ first: at, last: at }));
    // A line without a character would be skipped by readers, and predictions would shift by one row.
    this.#missing = features.length === 1 ? nan : [];
  }

  /** More bytes than the reader's current row can take. */
  mostBytes(row: RowReader): number {
    return row.ends[row.cells - 1]! - row.starts[0]! + 4 * row.cells + 4;
  }

  /** Writes the reader's current row into `target`, which has room for it, from `start`; answers where it ends. */
  encode(row: RowReader, target: Uint8Array, start: number): number {
    const { starts, ends, kinds } = row;
    const label = this.#choice.labelColumn;
    if ((kinds[label]! & kindMask) !== cellKind.number) this.#failAtLabel(row);
    let to = copyTrimmed(row, label, target, start);
    this.labelLength = to - start;
    for (const { first, last } of this.#runs) {
      target[to++] = comma;
      let isPlain = true;
      for (let column = first; column <= last; column++)
        if (kinds[column]! > cellKind.number) isPlain = false;
      if (isPlain && this.#missing.length === 0)
        to = copy(row.bytes, starts[first]!, ends[last]!, target, to);
      else to = this.#encodeCells(row, first, last, target, to);
    }
    target[to++] = lineFeed;
    return to;
  }

  #encodeCells(row: RowReader, first: number, last: number, target: Uint8Array, start: number): number {
    let to = start;
    for (let column = first; column <= last; column++) {
      if (column > first) target[to++] = comma;
      const kind = row.kinds[column]! & kindMask;
      if (kind === cellKind.number) to = copyTrimmed(row, column, target, to);
      else {
        if (kind === cellKind.text && !this.#choice.textAsMissingColumns.includes(column))
          this.#failAtText(row, column);
        for (const byte of this.#missing) target[to++] = byte;
      }
    }
    return to;
  }

  #failAtLabel(row: RowReader): never {
    const column = this.#choice.labelColumn;
    if ((row.kinds[column]! & kindMask) === cellKind.text) this.#failAtText(row, column);
    throw new UnusableCsv(
      'textInNumbers',
      `the label "${this.#names[column]}" is missing in line ${row.line}`,
    );
  }

  #failAtText(row: RowReader, column: number): never {
    const text = this.#text.read(row, column).trim().slice(0, 60);
    throw new UnusableCsv(
      'textInNumbers',
      `"${this.#names[column]}" has text in line ${row.line}: "${text}"`,
    );
  }
}

/** Copies a number without the blanks around it; answers where it ends in `target`. */
function copyTrimmed(row: RowReader, column: number, target: Uint8Array, to: number): number {
  let start = row.starts[column]!;
  let end = row.ends[column]!;
  if ((row.kinds[column]! & isDressed) !== 0) {
    while (isBlank(row.bytes[start]!)) start++;
    while (isBlank(row.bytes[end - 1]!)) end--;
  }
  return copy(row.bytes, start, end, target, to);
}

function copy(from: Uint8Array, start: number, end: number, target: Uint8Array, to: number): number {
  // For a few bytes a loop is faster than making the object that `set` needs.
  if (end - start > fewBytes) target.set(from.subarray(start, end), to);
  else for (let i = start, at = to; i < end; i++) target[at++] = from[i]!;
  return to + end - start;
}

function runsOf(columns: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const column of columns) {
    const run = runs.at(-1);
    if (run?.last === column - 1) runs[runs.length - 1] = { first: run.first, last: column };
    else runs.push({ first: column, last: column });
  }
  return runs;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
