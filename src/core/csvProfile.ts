/** What inspecting a CSV file tells; made by `csv/`, shown by the form, checked before a launch. */
export interface CsvProfile {
  readonly sizeBytes: number;
  /** Time of the last change, milliseconds since the epoch, to notice a file that changed meanwhile. */
  readonly modifiedMs: number;
  /** Data rows (the header is not one). */
  readonly rows: number;
  readonly delimiter: Delimiter;
  /** `Latin-1` when the first bytes can't be UTF-8; numbers are the same in both. */
  readonly encoding: 'UTF-8' | 'UTF-8 with BOM' | 'Latin-1';
  readonly hasHeader: boolean;
  /** Why the first row was taken as names, or as data, in words. */
  readonly headerReason: string;
  readonly columns: readonly CsvColumn[];
  /** The column that looks like the label, with the reason in words; `undefined` without a good reason. */
  readonly labelGuess?: { readonly column: number; readonly reason: string };
  /** The first data rows, cells as written in the file (unquoted). */
  readonly preview: readonly (readonly string[])[];
}

export type Delimiter = ',' | ';' | '\t' | '|';

export type ColumnKind = 'integer' | 'decimal' | 'boolean' | 'date' | 'text' | 'empty';

export interface CsvColumn {
  /** The name in the header, which others may have too; `column 3` (from 1) where it has none. */
  readonly name: string;
  /** What most cells are. Numbers are `integer` when all values are whole, also when written as `3.0`. */
  readonly kind: ColumnKind;
  /** Cells that are empty or `nan`: missing values to XGBoost. */
  readonly emptyCount: number;
  /** Cells that XGBoost could not read as a number, with the first few places. */
  readonly textCount: number;
  readonly textExamples: readonly { readonly line: number; readonly text: string }[];
  /** Distinct values, counted up to `distinctBound`; more are said as `distinctBound + 1`. */
  readonly distinctCount: number;
  /** Distinct values, as first written, in order of appearance, at most 20; complete when `distinctCount` is not larger. */
  readonly distinctExamples: readonly string[];
  /** Over the numeric cells; `undefined` when there are none. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Counts up by one from row to row, as an index that was written along does. */
  readonly isRowNumber: boolean;
}

/** Distinct values are counted up to here. */
export const distinctBound = 1000;
