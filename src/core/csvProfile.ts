/** What inspecting a CSV file tells; made by `csv/`, shown by the form, checked before a launch. */
export interface CsvProfile {
  readonly sizeBytes: number;
  /** Time of the last change, milliseconds since the epoch, to notice a file that changed meanwhile. */
  readonly modifiedMs: number;
  /** Data rows (the header is not one). */
  readonly rows: number;
  readonly delimiter: Delimiter;
  readonly encoding: 'UTF-8' | 'UTF-8 with BOM';
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
  /** The name in the header; `column 3` (from 1) in a file without one. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Cells that are empty. */
  readonly emptyCount: number;
  /** Cells that XGBoost could not read as a number, with the first few places. */
  readonly textCount: number;
  readonly textExamples: readonly { readonly line: number; readonly text: string }[];
  /** Distinct values, counted up to `distinctBound`; more are said as `distinctBound + 1`. */
  readonly distinctCount: number;
  /** Distinct values in order of appearance, at most 20; complete when `distinctCount` is not larger. */
  readonly distinctExamples: readonly string[];
  /** Over the numeric cells; `undefined` when there are none. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Counts up by one from row to row, as an index that was written along does. */
  readonly isRowNumber: boolean;
}

/** Distinct values are counted up to here. */
export const distinctBound = 1000;
