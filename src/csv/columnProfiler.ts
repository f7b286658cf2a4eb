import { type ColumnKind, type CsvColumn, distinctBound } from '../core/csvProfile.ts';
import type { CellText } from './cellText.ts';
import { NumberSet } from './numberSet.ts';
import { cellKind, parseNumber } from './numberCell.ts';
import { kindMask, type RowReader } from './rowReader.ts';

const mostTextExamples = 5;
const mostDistinctExamples = 20;

const booleanWords = /^(?:true|false|yes|no|t|f|y|n)$/i;
/** 2026-11-22, 2026/11/22 10:15, 22.11.2026, 11/22/26. */
const date = /^(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{2,4})(?:[T ]\d{1,2}:\d{2}.*)?$/;

/** Learns about one column, cell by cell; holds no more than the bounds of `CsvColumn`. */
export class ColumnProfiler {
  readonly #column: number;
  readonly #text: CellText;
  #rows = 0;
  #emptyCount = 0;
  #textCount = 0;
  #numberCount = 0;
  #minimum = Infinity;
  #maximum = -Infinity;
  #isWhole = true;
  #isRowNumber = true;
  #firstValue = NaN;
  #isBoolean = true;
  #isDate = true;
  /** Given up, to free the memory, once there are more than `distinctBound` values. */
  #numbers: NumberSet | undefined = new NumberSet();
  #texts: Set<string> | undefined = new Set();
  readonly #distinctExamples: string[] = [];
  readonly #textExamples: { line: number; text: string }[] = [];

  constructor(column: number, text: CellText) {
    this.#column = column;
    this.#text = text;
  }

  /** Takes this column's cell of the reader's current row. */
  add(row: RowReader): void {
    const kind = row.kinds[this.#column]! & kindMask;
    if (kind === cellKind.number) this.#addNumber(row);
    else {
      this.#isRowNumber = false;
      if (kind === cellKind.text) this.#addText(row);
      else this.#emptyCount++;
    }
    this.#rows++;
  }

  result(name: string): CsvColumn {
    return {
      name,
      kind: this.#kind(),
      emptyCount: this.#emptyCount,
      textCount: this.#textCount,
      textExamples: this.#textExamples,
      distinctCount: this.#distinctCount(),
      distinctExamples: this.#distinctExamples,
      ...(this.#numberCount > 0 && { minimum: this.#minimum, maximum: this.#maximum }),
      isRowNumber: this.#isRowNumber && this.#rows > 1,
    };
  }

  #addNumber(row: RowReader): void {
    const value = parseNumber(row.bytes, row.starts[this.#column]!, row.ends[this.#column]!);
    this.#numberCount++;
    if (value < this.#minimum) this.#minimum = value;
    if (value > this.#maximum) this.#maximum = value;
    if (this.#isWhole && value !== Math.floor(value)) this.#isWhole = this.#isRowNumber = false;
    if (this.#isRowNumber) {
      if (this.#rows === 0) this.#firstValue = value;
      else if (value !== this.#firstValue + this.#rows) this.#isRowNumber = false;
    }
    if (this.#numbers?.add(value)) this.#onDistinct(() => this.#text.read(row, this.#column).trim());
  }

  #addText(row: RowReader): void {
    this.#textCount++;
    const isExample = this.#textExamples.length < mostTextExamples;
    // Past the bounds a cell need not become a string, which is what takes the time.
    if (!isExample && !this.#texts && !this.#isBoolean && !this.#isDate) return;
    const text = this.#text.read(row, this.#column).trim();
    if (isExample) this.#textExamples.push({ line: row.line, text });
    this.#isBoolean &&= booleanWords.test(text);
    this.#isDate &&= date.test(text);
    if (!this.#texts || this.#texts.has(text)) return;
    this.#texts.add(text);
    this.#onDistinct(() => text);
  }

  #onDistinct(text: () => string): void {
    if (this.#distinctExamples.length < mostDistinctExamples) this.#distinctExamples.push(text());
    if (this.#distinctCount() > distinctBound) this.#numbers = this.#texts = undefined;
  }

  #distinctCount(): number {
    return this.#numbers && this.#texts ? this.#numbers.size + this.#texts.size : distinctBound + 1;
  }

  #kind(): ColumnKind {
    if (this.#numberCount + this.#textCount === 0) return 'empty';
    // A few words among numbers, such as "n/a", don't make it a column of text.
    if (this.#numberCount >= this.#textCount) return this.#isWhole ? 'integer' : 'decimal';
    if (this.#numberCount > 0) return 'text';
    if (this.#isBoolean) return 'boolean';
    return this.#isDate ? 'date' : 'text';
  }
}
