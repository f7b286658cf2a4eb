import type { CsvProfile, Delimiter } from '../core/csvProfile.ts';
import type { SplitDraft } from '../core/trainingDraft.ts';

/** What the extension host may ask of the CSV worker. Each call can be cut by `cancel`. */
export type CsvWorkerApi = {
  /** Reads the whole file once. `hasHeader` overrides the detection. */
  inspect(params: { readonly path: string; readonly hasHeader?: boolean }): CsvProfile | CsvFailure;
  /** Writes the parts of the file into `folder`; on failure or cancel nothing is left there. */
  prepare(params: PrepareJob): PreparedData | CsvFailure;
  /** Ends the call that is running; it answers with the failure `cancelled`. */
  cancel(params: undefined): void;
};

/** What the CSV worker tells while it works. */
export type CsvWorkerEvents = {
  /** `rows` were read; once all bytes are, `prepare` counts again the rows that it has written. */
  progress(params: { readonly rows: number; readonly bytes: number; readonly sizeBytes: number }): void;
};

/** An expected end without a result: the file can't be used as it is. */
export interface CsvFailure {
  readonly failure:
    | 'cancelled'
    | 'empty'
    | 'notText'
    | 'unreadable'
    | 'unwritable'
    | 'changed'
    | 'ragged'
    | 'oneColumn'
    | 'tooFewRows'
    | 'textInNumbers'
    | 'badQuoting';
  /** A sentence without the file's name, such as `the file is empty`. */
  readonly message: string;
}

export interface PrepareJob {
  readonly path: string;
  /** From the inspection; a file that differs now fails as `changed`. */
  readonly expected: { readonly sizeBytes: number; readonly modifiedMs: number };
  readonly delimiter: Delimiter;
  readonly hasHeader: boolean;
  readonly labelColumn: number;
  readonly droppedColumns: readonly number[];
  readonly textAsMissingColumns: readonly number[];
  readonly split: SplitDraft;
  readonly folder: string;
}

/** The files that `prepare` wrote. A part without rows has no files. */
export interface PreparedData {
  /** Label first, no header. */
  readonly train: PreparedFile;
  readonly validation?: PreparedFile;
  /** Features only, in the order of the features in `train`. */
  readonly test?: PreparedFile;
  /** One line per test row: source row number from 1, label. With a header line `row,<label name>`. */
  readonly testLabels?: PreparedFile;
  /** What `columns.json` needs: hexadecimal SHA-256 of the source file as it was read. */
  readonly sourceSha256: string;
}

export interface PreparedFile {
  readonly path: string;
  readonly rows: number;
  readonly sizeBytes: number;
}
