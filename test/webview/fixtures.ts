import type { CsvColumn, CsvProfile } from '../../src/core/csvProfile.ts';
import type { TrainingDraft } from '../../src/core/trainingDraft.ts';
import type { FormState } from '../../src/protocol/trainingForm.ts';

export type ReadyState = Extract<FormState, { kind: 'ready' }>;

const header = 'crim,zn,indus,chas,nox,rm,age,dis,rad,tax,ptratio,black,lstat,medv'.split(',');
const rows = [
  '0.00632,18.0,2.31,0,0.538,6.575,65.2,4.09,1,296,15.3,396.9,4.98,24.0',
  '0.02731,0.0,7.07,0,0.469,6.421,78.9,4.9671,2,242,17.8,396.9,9.14,21.6',
  '0.02729,0.0,7.07,0,0.469,7.185,61.1,4.9671,2,242,17.8,392.83,4.03,34.7',
].map((line) => line.split(','));

export function aColumn(name: string, members: Partial<CsvColumn> = {}): CsvColumn {
  return {
    name,
    kind: 'decimal',
    emptyCount: 0,
    textCount: 0,
    textExamples: [],
    distinctCount: 300,
    distinctExamples: [],
    minimum: 0,
    maximum: 100,
    isRowNumber: false,
    ...members,
  };
}

/** What the inspection tells of boston-housing.csv, near enough. */
export function aProfile(members: Partial<CsvProfile> = {}): CsvProfile {
  return {
    sizeBytes: 36_124,
    modifiedMs: Date.UTC(2026, 10, 22, 12),
    rows: 506,
    delimiter: ',',
    encoding: 'UTF-8',
    hasHeader: true,
    headerReason: 'the first row is words, the others are numbers',
    columns: header.map((name) => aColumn(name)),
    labelGuess: { column: 13, reason: 'last column, named like a target' },
    preview: Array.from({ length: 50 }, (_row, index) => rows[index % rows.length] ?? []),
    ...members,
  };
}

export function aDraft(members: Partial<TrainingDraft> = {}): TrainingDraft {
  return {
    data: {
      path: '/work space/boston-housing.csv',
      hasHeader: true,
      labelColumn: 13,
      droppedColumns: [],
      textAsMissingColumns: [],
      split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', seed: 42 },
    },
    algorithm: {
      name: 'xgboost',
      version: '1.7-1',
      hyperparameters: { objective: 'reg:squarederror', num_round: '100' },
    },
    compute: {
      instanceType: 'ml.m5.xlarge',
      instanceCount: 1,
      volumeSizeInGB: 5,
      maxRuntimeInSeconds: 86_400,
    },
    output: {
      s3Uri: 's3://sagemaker-us-east-1-000000000000/sagemaker-jobs/',
      roleArn: 'arn:aws:iam::000000000000:role/LocalExecutionRole',
    },
    jobName: 'boston-housing-2026-11-22-14-02-31-120',
    ...members,
  };
}

export function aState(members: Partial<Omit<ReadyState, 'kind'>> = {}): ReadyState {
  return {
    kind: 'ready',
    draft: aDraft(),
    profile: aProfile(),
    place: {
      label: 'Local, on this computer',
      shortLabel: 'Local',
      icon: 'device-desktop',
      launchLabel: 'Launch Locally',
      billed: false,
      region: 'us-east-1',
    },
    fileName: 'boston-housing.csv',
    limits: {
      versions: ['3.0-5', '1.7-1', '1.5-1'],
      instanceTypes: ['ml.m5.large', 'ml.m5.xlarge', 'ml.m4.xlarge', 'ml.c5.2xlarge'],
      localTrainer: true,
    },
    ...members,
  };
}

/** A file without a guess, with names that try to be markup, text among numbers and empty cells. */
export function aMessyState(): ReadyState {
  const { path, hasHeader, droppedColumns, textAsMissingColumns, split } = aDraft().data;
  const data = { path, hasHeader, droppedColumns, textAsMissingColumns, split };
  return aState({
    fileName: '<b>messy</b>.csv',
    draft: { ...aDraft(), data },
    profile: withoutGuess(
      aProfile({
        columns: [
          aColumn('id', { kind: 'integer', isRowNumber: true, distinctCount: 200, minimum: 1, maximum: 200 }),
          aColumn('<img src=x onerror="document.title=1">'),
          aColumn('price', {
            textCount: 6,
            textExamples: [
              { line: 17, text: 'n/a' },
              { line: 203, text: '<script>' },
            ],
          }),
          aColumn('colour', { kind: 'text', textCount: 200, distinctCount: 3, emptyCount: 24 }),
        ],
        rows: 200,
        preview: [
          ['1', '<script>document.title=2</script>', '12.5', 'red'],
          ['2', '0.1', 'n/a', ''],
        ],
      }),
    ),
  });
}

function withoutGuess(profile: CsvProfile): CsvProfile {
  return Object.fromEntries(
    Object.entries(profile).filter(([name]) => name !== 'labelGuess'),
  ) as unknown as CsvProfile;
}
