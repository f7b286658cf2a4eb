import type { CsvColumn, CsvProfile } from '../../src/core/csvProfile.ts';
import { newTrainingDraft, type TrainingDraft } from '../../src/core/trainingDraft.ts';

/** A column of plain numbers, unless told otherwise. */
export function aColumn(name: string, column: Partial<CsvColumn> = {}): CsvColumn {
  return {
    name,
    kind: 'decimal',
    emptyCount: 0,
    textCount: 0,
    textExamples: [],
    distinctCount: 400,
    distinctExamples: [],
    minimum: 0.5,
    maximum: 99.5,
    isRowNumber: false,
    ...column,
  };
}

/** A column with a few values, all of them known. */
export function aLabel(name: string, values: readonly string[], column: Partial<CsvColumn> = {}): CsvColumn {
  const numbers = values.map(Number).filter((value) => !Number.isNaN(value));
  return aColumn(name, {
    kind: numbers.every(Number.isInteger) ? 'integer' : 'decimal',
    distinctCount: values.length,
    distinctExamples: values,
    minimum: Math.min(...numbers),
    maximum: Math.max(...numbers),
    ...column,
  });
}

/** A file with columns crim, rm and medv, of which the last is the label. */
export function aProfile(profile: Partial<CsvProfile> = {}): CsvProfile {
  return {
    sizeBytes: 36_137,
    modifiedMs: 0,
    rows: 506,
    delimiter: ',',
    encoding: 'UTF-8',
    hasHeader: true,
    headerReason: 'the first row has words, the others numbers',
    columns: [aColumn('crim'), aColumn('rm'), aColumn('medv')],
    labelGuess: { column: 2, reason: 'last column, named like a target' },
    preview: [],
    ...profile,
  };
}

/** The draft that a form begins with for a file. */
export function aDraft(profile: CsvProfile = aProfile()): TrainingDraft {
  return newTrainingDraft(profile, {
    path: '/data/boston-housing.csv',
    jobName: 'boston-housing-2026-11-22-14-02-31-120',
    outputS3Uri: 's3://sagemaker-us-east-1-111122223333/sagemaker-jobs',
    roleArn: 'arn:aws:iam::111122223333:role/SageMakerRole',
    compute: {
      instanceType: 'ml.m5.xlarge',
      instanceCount: 1,
      volumeSizeInGB: 5,
      maxRuntimeInSeconds: 86_400,
    },
  });
}

/** The same draft with other hyperparameters; `undefined` takes one out. */
export function withHyperparameters(
  draft: TrainingDraft,
  values: Readonly<Record<string, string | undefined>>,
): TrainingDraft {
  const entries = Object.entries({ ...draft.algorithm.hyperparameters, ...values });
  const hyperparameters = Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { ...draft, algorithm: { ...draft.algorithm, hyperparameters } };
}
