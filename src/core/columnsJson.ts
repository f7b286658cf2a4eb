import type { ColumnKind, CsvProfile } from './csvProfile.ts';
import type { PartSizes } from './split.ts';
import type { DataDraft, SplitDraft } from './trainingDraft.ts';

/**
 * The content of `columns.json`, which is uploaded beside the data of a job: what the numbers in the header-less files
 * mean, so that predictions and feature importance can be read by name, and where they came from.
 */
export interface ColumnsJson {
  readonly version: 1;
  /** The columns of the source, in its order. */
  readonly columns: readonly {
    readonly name: string;
    readonly role: 'label' | 'feature' | 'dropped';
    readonly kind: ColumnKind;
  }[];
  /** Name of the label, which is the first column of the training and validation files. */
  readonly label: string;
  /** Names of the features, in the order of the written files. */
  readonly features: readonly string[];
  readonly split: Omit<SplitDraft, 'seed'> & { readonly rows: PartSizes };
  readonly seed: number;
  readonly source: CsvSource;
  /** Names of the columns whose text cells were written as missing values. */
  readonly textAsMissing: readonly string[];
}

/** The file that the data came from, as it was read. */
export interface CsvSource {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Builds `columns.json` for data that was prepared from a file as `data` says; throws when no label is chosen. */
export function columnsJson(
  profile: Pick<CsvProfile, 'columns'>,
  data: DataDraft,
  rows: PartSizes,
  source: CsvSource,
): ColumnsJson {
  const columns = profile.columns.map(({ name, kind }, index) => ({ name, role: roleOf(index, data), kind }));
  const label = columns.find((column) => column.role === 'label');
  if (!label) throw new Error('The label column is not among the columns of the file.');
  const { seed, ...split } = data.split;
  return {
    version: 1,
    columns,
    label: label.name,
    features: columns.filter((column) => column.role === 'feature').map((column) => column.name),
    split: { ...split, rows },
    seed,
    source,
    textAsMissing: columns
      .filter(({ role }, index) => role === 'feature' && data.textAsMissingColumns.includes(index))
      .map((column) => column.name),
  };
}

function roleOf(index: number, data: DataDraft): 'label' | 'feature' | 'dropped' {
  if (index === data.labelColumn) return 'label';
  return data.droppedColumns.includes(index) ? 'dropped' : 'feature';
}
