import type { CsvProfile, Delimiter } from '../core/csvProfile.ts';
import { CellText, textEncodingOf } from './cellText.ts';
import { ColumnProfiler } from './columnProfiler.ts';
import { detectDelimiter } from './delimiter.ts';
import { detectHeader, type SampleRow } from './header.ts';
import { guessLabel } from './labelGuess.ts';
import { hasByteOrderMark, kindMask, RowReader } from './rowReader.ts';
import { UnusableCsv } from './unusableCsv.ts';

/** Delimiter, encoding and header are decided on this much of the file, unless its lines are longer. */
const sampleBytes = 2 ** 18;
const largestSampleBytes = 2 ** 24;
const headerSampleRows = 500;
const previewRows = 50;
/** Fewer can't be split into parts that training can use. */
const fewestRows = 3;

/** What `Inspection` finds out: a profile without what the file system knows. */
export type CsvFindings = Omit<CsvProfile, 'sizeBytes' | 'modifiedMs'>;

/** Inspects a CSV file from its chunks, in one pass and in bounded memory. All members throw `UnusableCsv`. */
export class Inspection {
  readonly #forcedHeader: boolean | undefined;
  #sample: Uint8Array | undefined = new Uint8Array(0);
  #table: TableProfiler | undefined;

  /** `hasHeader` overrides what the first rows say. */
  constructor(hasHeader?: boolean) {
    this.#forcedHeader = hasHeader;
  }

  /** Data rows so far. */
  get rows(): number {
    return this.#table?.rows ?? 0;
  }

  push(chunk: Uint8Array): void {
    if (!this.#sample) {
      this.#table?.push(chunk);
      return;
    }
    this.#sample = joined(this.#sample, chunk);
    const enough = this.#sample.length >= sampleBytes && countLineEnds(this.#sample, 3) === 3;
    if (enough || this.#sample.length >= largestSampleBytes) this.#begin(false);
  }

  end(): CsvFindings {
    if (this.#sample) this.#begin(true);
    if (!this.#table) throw new UnusableCsv('empty', 'the file is empty');
    return this.#table.end();
  }

  #begin(isWholeFile: boolean): void {
    const sample = this.#sample ?? new Uint8Array(0);
    this.#sample = undefined;
    this.#table = new TableProfiler(sample, isWholeFile, this.#forcedHeader);
    this.#table.push(sample);
  }
}

/** Profiles the rows of a file whose dialect is known from a sample of it. */
class TableProfiler {
  rows = 0;
  readonly #delimiter: Delimiter;
  readonly #encoding: CsvProfile['encoding'];
  readonly #header: { readonly hasHeader: boolean; readonly reason: string };
  readonly #reader: RowReader;
  readonly #text: CellText;
  #columns: readonly ColumnProfiler[] = [];
  #names: readonly string[] = [];
  readonly #preview: string[][] = [];

  constructor(sample: Uint8Array, isWholeFile: boolean, forcedHeader: boolean | undefined) {
    const encoding = textEncodingOf(sample);
    this.#encoding = encoding === 'UTF-8' && hasByteOrderMark(sample) ? 'UTF-8 with BOM' : encoding;
    this.#text = new CellText(encoding);
    this.#delimiter = detectDelimiter(sample) ?? ',';
    this.#header =
      forcedHeader === undefined
        ? detectHeader(this.#sampleRows(sample, isWholeFile))
        : { hasHeader: forcedHeader, reason: 'As you chose.' };
    this.#reader = new RowReader(this.#delimiter);
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    this.#takeRows();
  }

  end(): CsvFindings {
    this.#reader.end();
    this.#takeRows();
    if (this.#columns.length === 0) throw new UnusableCsv('empty', 'the file is empty');
    if (this.rows < fewestRows) throw tooFewRows(this.rows);
    const columns = this.#columns.map((column, index) => column.result(this.#names[index] ?? ''));
    const labelGuess = guessLabel(columns, this.#header.hasHeader);
    return {
      rows: this.rows,
      delimiter: this.#delimiter,
      encoding: this.#encoding,
      hasHeader: this.#header.hasHeader,
      headerReason: this.#header.reason,
      columns,
      ...(labelGuess && { labelGuess }),
      preview: this.#preview,
    };
  }

  #takeRows(): void {
    const reader = this.#reader;
    while (reader.next()) {
      if (this.#columns.length === 0) {
        this.#startColumns();
        if (this.#header.hasHeader) continue;
      }
      for (const column of this.#columns) column.add(reader);
      if (this.#preview.length < previewRows) this.#preview.push(this.#text.readAll(reader));
      this.rows++;
    }
  }

  #startColumns(): void {
    const { cells } = this.#reader;
    if (cells === 1)
      throw new UnusableCsv(
        'oneColumn',
        'the file has one column; a label and at least one feature are needed',
      );
    this.#names = this.#header.hasHeader
      ? columnNames(this.#text.readAll(this.#reader))
      : columnNames(new Array<string>(cells).fill(''));
    this.#columns = this.#names.map((_, column) => new ColumnProfiler(column, this.#text));
  }

  #sampleRows(sample: Uint8Array, isWholeFile: boolean): SampleRow[] {
    const rows: SampleRow[] = [];
    const reader = new RowReader(this.#delimiter);
    reader.push(sample);
    if (isWholeFile) reader.end();
    while (rows.length < headerSampleRows && reader.next()) {
      const texts = this.#text.readAll(reader).map((text) => text.trim());
      rows.push({
        texts,
        kinds: Array.from(reader.kinds.subarray(0, reader.cells), (kind) => kind & kindMask),
      });
    }
    return rows;
  }
}

/** The names in a header row; a column without one is called by its place. */
export function columnNames(header: readonly string[]): string[] {
  return header.map((name, index) => name.trim() || `column ${index + 1}`);
}

function tooFewRows(rows: number): UnusableCsv {
  const has = rows === 0 ? 'no row below the column names' : rows === 1 ? '1 row' : `${rows} rows`;
  return new UnusableCsv('tooFewRows', `the file has ${has}; at least ${fewestRows} are needed to split it`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Line ends in the bytes, counted up to `most`. */
function countLineEnds(bytes: Uint8Array, most: number): number {
  let count = 0;
  for (const byte of bytes) if ((byte === 0x0a || byte === 0x0d) && ++count === most) break;
  return count;
}
