import type { CsvProfile } from './csvProfile.ts';
import { guessObjective, metricFor } from './objectives.ts';

/**
 * What a user is filling in before a launch: everything the form holds, and nothing else. It survives closing the
 * window, so it is plain JSON-safe data. The request is made from it in one place (`trainingRequest.ts`).
 */
export interface TrainingDraft {
  readonly data: DataDraft;
  readonly algorithm: AlgorithmDraft;
  readonly compute: ComputeDraft;
  readonly output: OutputDraft;
  readonly jobName: string;
}

export interface DataDraft {
  /** The file as the user knows it; absolute path of the extension host's file system. */
  readonly path: string;
  readonly hasHeader: boolean;
  /** Index of the label column from 0; `undefined` until one is chosen. */
  readonly labelColumn?: number;
  /** Columns that are left out, by index from 0. */
  readonly droppedColumns: readonly number[];
  /** Columns whose text cells become missing values, by index from 0. */
  readonly textAsMissingColumns: readonly number[];
  readonly split: SplitDraft;
}

export interface SplitDraft {
  /** Whole per cents that add up to 100. */
  readonly trainPercent: number;
  readonly validationPercent: number;
  readonly testPercent: number;
  readonly order: 'shuffled' | 'file';
  /** Seed of the shuffle: an integer from 0 to 2^32 - 1. */
  readonly seed: number;
}

export interface AlgorithmDraft {
  readonly name: 'xgboost';
  /** A version of the image table, such as `1.7-1`. */
  readonly version: string;
  /** Only what was set, as SageMaker takes it: strings. An empty field is not in it and is not sent. */
  readonly hyperparameters: Readonly<Record<string, string>>;
}

export interface ComputeDraft {
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeSizeInGB: number;
  readonly maxRuntimeInSeconds: number;
}

export interface OutputDraft {
  /** `s3://bucket/prefix`; under it each job gets a folder of its own name. */
  readonly s3Uri: string;
  readonly roleArn: string;
}

/** The fields of a draft that can be named in a problem, by their path. */
export type DraftField =
  | 'data.path'
  | 'data.labelColumn'
  | 'data.split'
  | `data.columns.${number}`
  | 'algorithm.version'
  | `algorithm.hyperparameters.${string}`
  | 'compute.instanceType'
  | 'compute.instanceCount'
  | 'compute.volumeSizeInGB'
  | 'compute.maxRuntimeInSeconds'
  | 'output.s3Uri'
  | 'output.roleArn'
  | 'jobName';

/** Something about a draft that the user should know, at a field. Errors block a launch; the others don't. */
export interface FieldProblem {
  readonly field: DraftField;
  readonly severity: 'error' | 'warning' | 'hint';
  /** What is wrong and what to do, at most two sentences. */
  readonly message: string;
  /** Repairs that one click can do, the best first. */
  readonly fixes?: readonly DraftFix[];
}

export interface DraftFix {
  readonly label: string;
  readonly change: DraftChange;
}

/** One edit of a draft, as data, so that the page, the host and a test can all apply it. */
export type DraftChange =
  | { readonly kind: 'dropColumn'; readonly column: number }
  | { readonly kind: 'keepColumn'; readonly column: number }
  | { readonly kind: 'textAsMissing'; readonly column: number }
  | { readonly kind: 'setLabel'; readonly column: number }
  | { readonly kind: 'setSplit'; readonly split: Partial<SplitDraft> }
  | { readonly kind: 'setHyperparameter'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'setJobName'; readonly name: string };

/** What a new draft takes from the settings and from the connection. */
export interface DraftDefaults {
  readonly path: string;
  readonly jobName: string;
  readonly outputS3Uri: string;
  readonly roleArn: string;
  readonly compute: ComputeDraft;
}

/** The version that a new draft starts with: the best documented one, whose trees the local trainer grows. */
export const defaultXgboostVersion = '1.7-1';

/** The draft that a form begins with: 70/15/15 shuffled, the label and objective that the file suggests. */
export function newTrainingDraft(profile: CsvProfile, defaults: DraftDefaults): TrainingDraft {
  const label = profile.labelGuess?.column;
  return {
    data: {
      path: defaults.path,
      hasHeader: profile.hasHeader,
      ...(label !== undefined && { labelColumn: label }),
      droppedColumns: [],
      textAsMissingColumns: [],
      split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', seed: 42 },
    },
    algorithm: {
      name: 'xgboost',
      version: defaultXgboostVersion,
      hyperparameters: {
        ...objectiveHyperparameters(profile, label),
        num_round: '100',
        early_stopping_rounds: '10',
      },
    },
    compute: defaults.compute,
    output: { s3Uri: defaults.outputS3Uri, roleArn: defaults.roleArn },
    jobName: defaults.jobName,
  };
}

/** Sent with its metric, because early stopping has no effect without one. */
function objectiveHyperparameters(profile: CsvProfile, label: number | undefined): Record<string, string> {
  const { objective, classCount } = guessObjective(label === undefined ? undefined : profile.columns[label]);
  return {
    objective,
    ...(classCount !== undefined && { num_class: String(classCount) }),
    eval_metric: metricFor(objective),
  };
}

/**
 * The draft after an edit. With the profile at hand, a new label brings its objective along, unless the objective is
 * no longer the one that the old label suggested.
 */
export function applyChange(draft: TrainingDraft, change: DraftChange, profile?: CsvProfile): TrainingDraft {
  const { data } = draft;
  switch (change.kind) {
    case 'dropColumn':
      return withData(draft, {
        droppedColumns: including(data.droppedColumns, change.column),
        textAsMissingColumns: excluding(data.textAsMissingColumns, change.column),
      });
    case 'keepColumn':
      return withData(draft, {
        droppedColumns: excluding(data.droppedColumns, change.column),
        textAsMissingColumns: excluding(data.textAsMissingColumns, change.column),
      });
    case 'textAsMissing':
      return withData(draft, {
        droppedColumns: excluding(data.droppedColumns, change.column),
        textAsMissingColumns: including(data.textAsMissingColumns, change.column),
      });
    case 'setLabel':
      return withData(profile ? withObjectiveOf(draft, change.column, profile) : draft, {
        labelColumn: change.column,
        droppedColumns: excluding(data.droppedColumns, change.column),
        textAsMissingColumns: excluding(data.textAsMissingColumns, change.column),
      });
    case 'setSplit':
      return withData(draft, { split: { ...data.split, ...change.split } });
    case 'setHyperparameter':
      return withHyperparameters(draft, { [change.name]: change.value });
    case 'setJobName':
      return { ...draft, jobName: change.name };
  }
}

function withObjectiveOf(draft: TrainingDraft, label: number, profile: CsvProfile): TrainingDraft {
  const before = objectiveHyperparameters(profile, draft.data.labelColumn);
  const { hyperparameters } = draft.algorithm;
  const names = ['objective', 'num_class', 'eval_metric'];
  const untouched = names.every((name) => hyperparameters[name] === before[name]);
  if (!untouched) return draft;
  const after = objectiveHyperparameters(profile, label);
  return withHyperparameters(draft, Object.fromEntries(names.map((name) => [name, after[name]])));
}

function withData(draft: TrainingDraft, data: Partial<DataDraft>): TrainingDraft {
  return { ...draft, data: { ...draft.data, ...data } };
}

/** A hyperparameter that is `undefined` is taken out. */
function withHyperparameters(
  draft: TrainingDraft,
  values: Readonly<Record<string, string | undefined>>,
): TrainingDraft {
  const entries = Object.entries({ ...draft.algorithm.hyperparameters, ...values });
  const set = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...draft, algorithm: { ...draft.algorithm, hyperparameters: Object.fromEntries(set) } };
}

function including(columns: readonly number[], column: number): readonly number[] {
  return columns.includes(column) ? columns : [...columns, column].sort((a, b) => a - b);
}

function excluding(columns: readonly number[], column: number): readonly number[] {
  return columns.filter((each) => each !== column);
}
