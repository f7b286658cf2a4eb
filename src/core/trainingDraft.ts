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
