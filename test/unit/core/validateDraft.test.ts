import assert from 'node:assert/strict';
import type { CsvProfile } from '../../../src/core/csvProfile.ts';
import { applyChange, type SplitDraft, type TrainingDraft } from '../../../src/core/trainingDraft.ts';
import { validateDraft } from '../../../src/core/validateDraft.ts';
import { aColumn, aDraft, aLabel, aProfile, withHyperparameters } from '../../support/drafts.ts';

const limits = { versions: ['1.7-1', '1.5-1'], instanceTypes: ['ml.m5.xlarge'], localTrainer: true };

/** A line for each problem: severity, field, message, labels of the repairs. */
function problemsOf(draft: TrainingDraft, profile: CsvProfile = aProfile()): string {
  return validateDraft(draft, profile, limits)
    .map(({ field, severity, message, fixes = [] }) => {
      const repairs = fixes.map(({ label }) => ` [${label}]`).join('');
      return `${severity} ${field}: ${message}${repairs}`;
    })
    .join('\n');
}

/** The problems of a file whose last column is the label, and of the draft that begins with it. */
function problemsWith(columns: CsvProfile['columns'], hyperparameters = {}): string {
  const profile = aProfile({ columns, labelGuess: { column: columns.length - 1, reason: '' } });
  return problemsOf(withHyperparameters(aDraft(profile), hyperparameters), profile);
}

function withSplit(split: Partial<SplitDraft>): TrainingDraft {
  return applyChange(aDraft(), { kind: 'setSplit', split });
}

describe('validateDraft', () => {
  it('has nothing to say about a new draft of a good file', () => {
    assert.equal(problemsOf(aDraft()), '');
  });

  it('wants the label column to be chosen, and to be there', () => {
    const { labelGuess, ...profile } = aProfile();
    assert.ok(labelGuess);
    assert.equal(
      problemsOf(aDraft(profile), profile),
      'error data.labelColumn: Choose the label column: the value that the model learns to predict.',
    );
    assert.equal(
      problemsOf(applyChange(aDraft(), { kind: 'setLabel', column: 14 })),
      'error data.labelColumn: The file has 3 columns, so there is no column 15. Choose the label column again.',
    );
    assert.equal(
      problemsOf(applyChange(aDraft(), { kind: 'dropColumn', column: 2 })),
      `error data.labelColumn: "medv" is the label, so it can't be dropped. [Keep Column]`,
    );
  });

  it('says why a label teaches nothing', () => {
    const labels = [
      aLabel('medv', ['24.0']),
      aColumn('medv', { kind: 'empty', emptyCount: 506, distinctCount: 0 }),
      aColumn('medv', { emptyCount: 1 }),
      aColumn('price', { textCount: 3, textExamples: [{ line: 17, text: 'n/a' }] }),
      aLabel('species', ['setosa', 'versicolor', 'virginica'], { kind: 'text', textCount: 506 }),
      aLabel('ill', ['true', 'false'], { kind: 'boolean', textCount: 506 }),
    ];
    assert.equal(
      labels.map((label) => problemsWith([aColumn('x'), label])).join('\n'),
      `error data.labelColumn: "medv" is 24.0 in every row, so there is nothing to learn. Choose another label column.
error data.labelColumn: "medv" is empty in every row. Choose another label column.
error data.labelColumn: "medv" is empty in 1 row, and every row needs a label. Fill in or remove these rows.
error data.labelColumn: "price" has text in 3 rows (line 17: "n/a"). Every label must be a number.
error data.labelColumn: "species" is text: setosa, versicolor and virginica. XGBoost needs each class as a number from 0 to 2.
error data.labelColumn: "ill" is text: true and false. XGBoost needs each class as a number 0 or 1.`,
    );
  });

  it('holds the label against the objective', () => {
    const columns = [aColumn('x'), aLabel('quality', ['1', '2', '3'])];
    const logloss = { objective: 'binary:logistic', eval_metric: 'logloss' };
    const classes = (num_class: string) => ({
      objective: 'multi:softprob',
      num_class,
      eval_metric: 'mlogloss',
    });
    const decimals = [aColumn('x'), aColumn('share', { minimum: -0.5, maximum: 2 })];
    assert.equal(
      [
        problemsWith(columns, logloss),
        problemsWith(columns, classes('3')),
        problemsWith(decimals, classes('3')),
        problemsWith(decimals, { objective: 'count:poisson', eval_metric: 'poisson-nloglik' }),
      ].join('\n'),
      `error data.labelColumn: binary:logistic needs labels from 0 to 1; "quality" goes from 1 to 3. [Use reg:squarederror]
error data.labelColumn: multi:softprob needs whole labels from 0 to 2; "quality" goes from 1 to 3. [Use 4 classes] [Use reg:squarederror]
error data.labelColumn: multi:softprob needs whole labels from 0 to 2; "share" goes from -0.5 to 2. [Use reg:squarederror]
error data.labelColumn: count:poisson needs labels of at least 0; "share" goes from -0.5 to 2. [Use reg:squarederror]`,
    );
    assert.equal(problemsWith(columns, classes('4')), '');
  });

  it('suggests classification for a label of 0 and 1, without insisting', () => {
    assert.equal(
      problemsWith([aColumn('x'), aLabel('ill', ['0', '1'])], {
        objective: 'reg:squarederror',
        eval_metric: 'rmse',
      }),
      'hint data.labelColumn: "ill" is only ever 0 or 1. To predict a class, use binary:logistic. [Use binary:logistic]',
    );
  });

  it('offers the number of classes that the label has', () => {
    const problems = problemsWith([aColumn('x'), aLabel('species', ['0', '1', '2'])], {
      num_class: undefined,
    });
    assert.match(problems, /^error algorithm\.hyperparameters\.objective: .*\[Use 3 classes\]$/m);
  });

  it('finds columns that a model can not read or should not see', () => {
    const text = { kind: 'text', textCount: 3, textExamples: [{ line: 17, text: 'n/a' }] } as const;
    const columns = [
      aColumn('price', text),
      aColumn('comment', { kind: 'text', textCount: 506, textExamples: [{ line: 2, text: 'good' }] }),
      aColumn('id', { isRowNumber: true }),
      aColumn('nothing', { kind: 'empty', emptyCount: 506, distinctCount: 0 }),
      aLabel('chas', ['0']),
      aColumn('medv'),
    ];
    assert.equal(
      problemsWith(columns),
      `error data.columns.0: "price" has text in 3 rows (line 17: "n/a"). XGBoost reads numbers only. [Treat as Missing] [Drop Column]
error data.columns.1: "comment" has text in 506 rows (line 2: "good"). XGBoost reads numbers only. [Drop Column]
warning data.columns.2: "id" counts up by 1, so it looks like a row number; as a feature it misleads the model. [Drop Column]
warning data.columns.3: "nothing" is empty in every row. [Drop Column]
hint data.columns.4: "chas" is the same in every row, so it tells the model nothing. [Drop Column]`,
    );
  });

  it('is content with a column of text once it is repaired, by the repairs that it offers', () => {
    const columns = [aColumn('price', { kind: 'text', textCount: 3 }), aColumn('rm'), aColumn('medv')];
    const profile = aProfile({ columns });
    const draft = aDraft(profile);
    const [problem] = validateDraft(draft, profile, limits);
    assert.equal(problem?.fixes?.length, 2);
    for (const { change } of problem.fixes) {
      assert.deepEqual(validateDraft(applyChange(draft, change), profile, limits), []);
    }
  });

  it('wants a column to learn from', () => {
    const draft = [0, 1].reduce(
      (each, column) => applyChange(each, { kind: 'dropColumn', column }),
      aDraft(),
    );
    assert.equal(
      problemsOf(draft),
      'error data.path: No column is left to learn from. Keep at least one besides the label.',
    );
  });

  it('wants a split that adds up, with rows in each part', () => {
    assert.equal(
      problemsOf(withSplit({ trainPercent: 65 })),
      'error data.split: Train, Validation and Test add up to 95 %, not to 100 %. [Train on 70 %]',
    );
    assert.equal(
      problemsOf(withSplit({ trainPercent: 69.5, testPercent: 15.5 })),
      'error data.split: Train, Validation and Test must be whole per cents from 0 to 100.',
    );
    assert.equal(
      problemsOf(withSplit({ seed: -1 })),
      'error data.split: The seed must be a whole number from 0 to 4294967295. [Use 42]',
    );
    assert.equal(
      problemsOf(aDraft(), aProfile({ rows: 2 })),
      'error data.split: The file has 2 rows: 2 to train, 0 to validate, 0 to test. Set Validation to 0 %, or use a file with more rows.',
    );
    assert.equal(
      problemsOf(aDraft(), aProfile({ rows: 1 })),
      'error data.split: The file has 1 row: 1 to train, 0 to validate, 0 to test. Training needs at least 2 rows.',
    );
  });

  it('warns of rows in the order of the file', () => {
    assert.equal(
      problemsOf(withSplit({ order: 'file' })),
      'warning data.split: The parts are taken in the order of the file. If its rows are sorted, the parts are not alike. [Shuffle]',
    );
  });

  it('wants validation rows for early stopping, at both fields, and the repairs work', () => {
    const draft = withSplit({ trainPercent: 85, validationPercent: 0 });
    const message =
      'Early stopping needs validation rows, and Validation is 0 %. [Use 15 %] [Turn Off Early Stopping]';
    assert.equal(
      problemsOf(draft),
      `error data.split: ${message}\nerror algorithm.hyperparameters.early_stopping_rounds: ${message}`,
    );
    const [problem] = validateDraft(draft, aProfile(), limits);
    for (const { change } of problem?.fixes ?? []) assert.equal(problemsOf(applyChange(draft, change)), '');
  });

  it('passes on what is wrong with hyperparameters', () => {
    assert.equal(
      problemsOf(withHyperparameters(aDraft(), { subsample: '0' })),
      'error algorithm.hyperparameters.subsample: Must be more than 0 and at most 1. XGBoost refuses 0. [Reset to 1]',
    );
  });

  it('wants compute that SageMaker has', () => {
    const compute = {
      instanceType: 'ml.x',
      instanceCount: 0,
      volumeSizeInGB: Number.NaN,
      maxRuntimeInSeconds: 2_419_201,
    };
    assert.equal(
      problemsOf({ ...aDraft(), compute }),
      `error compute.instanceType: "ml.x" is no type to train on. Choose one from the list, such as ml.m5.xlarge.
error compute.instanceCount: Must be a whole number, at least 1.
error compute.volumeSizeInGB: Must be a whole number of GB, from 1 to 16384.
error compute.maxRuntimeInSeconds: Must be at least 1 second and at most 28 days.`,
    );
  });

  it('wants an output location and a role in their forms', () => {
    const outputs = [
      { s3Uri: '', roleArn: '' },
      { s3Uri: 'https://bucket/x', roleArn: 'SageMakerRole' },
      { s3Uri: 's3://My_Bucket/x', roleArn: 'arn:aws:iam::1:role/R' },
      {
        s3Uri: `s3://bucket/${'x'.repeat(1024)}`,
        roleArn: 'arn:aws-cn:iam::111122223333:role/service-role/R',
      },
    ];
    assert.equal(
      outputs.map((output) => problemsOf({ ...aDraft(), output })).join('\n'),
      `error output.s3Uri: An output location is needed, such as s3://bucket/prefix.
error output.roleArn: An execution role is needed: SageMaker reads the data and writes the model as this role.
error output.s3Uri: Must look like s3://bucket/prefix.
error output.roleArn: Must be the ARN of a role, such as arn:aws:iam::111122223333:role/SageMakerRole.
error output.s3Uri: "My_Bucket" can't be a bucket: a name has 3 to 63 small letters, digits, dots and hyphens.
error output.roleArn: Must be the ARN of a role, such as arn:aws:iam::111122223333:role/SageMakerRole.
error output.s3Uri: At most 1024 characters.`,
    );
  });

  it('wants a version that is here, and a name that SageMaker takes', () => {
    const draft = aDraft();
    assert.equal(
      problemsOf({ ...draft, algorithm: { ...draft.algorithm, version: '1.1-1' } }),
      'error algorithm.version: There is no version 1.1-1 here. Choose one of 1.7-1, 1.5-1.',
    );
    assert.equal(
      problemsOf({ ...draft, jobName: 'a'.repeat(64) }),
      'error jobName: At most 63 characters: shorten the name by 1.',
    );
  });
});
