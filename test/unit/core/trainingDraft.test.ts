import assert from 'node:assert/strict';
import { guessObjective, metricFor } from '../../../src/core/objectives.ts';
import { applyChange } from '../../../src/core/trainingDraft.ts';
import { toTrainingRequest } from '../../../src/core/trainingRequest.ts';
import { aColumn, aDraft, aLabel, aProfile } from '../../support/drafts.ts';

const classes = aProfile({
  columns: [aColumn('x'), aLabel('species', ['2', '0', '1']), aLabel('ill', ['0', '1'])],
});

describe('newTrainingDraft', () => {
  it('begins with a shuffled split, the guessed label, and early stopping that works', () => {
    const { data, algorithm } = aDraft();
    assert.deepEqual(data.split, {
      trainPercent: 70,
      validationPercent: 15,
      testPercent: 15,
      order: 'shuffled',
      seed: 42,
    });
    assert.equal(data.labelColumn, 2);
    assert.equal(algorithm.version, '1.7-1');
    assert.deepEqual(algorithm.hyperparameters, {
      objective: 'reg:squarederror',
      eval_metric: 'rmse',
      num_round: '100',
      early_stopping_rounds: '10',
    });
  });

  it('leaves the label open without a guess', () => {
    const { labelGuess, ...profile } = aProfile();
    assert.ok(labelGuess);
    const draft = aDraft(profile);
    assert.equal('labelColumn' in draft.data, false);
    assert.equal(draft.algorithm.hyperparameters['objective'], 'reg:squarederror');
  });

  it('classifies when the label looks like classes', () => {
    const three = aDraft({ ...classes, labelGuess: { column: 1, reason: 'named like a target' } });
    const { objective, num_class, eval_metric } = three.algorithm.hyperparameters;
    assert.deepEqual([objective, num_class, eval_metric], ['multi:softprob', '3', 'mlogloss']);
  });

  it('is plain data that survives JSON', () => {
    const draft = aDraft();
    assert.deepEqual(JSON.parse(JSON.stringify(draft)), draft);
  });
});

describe('guessObjective', () => {
  const objectiveOf = (...values: readonly string[]) => guessObjective(aLabel('label', values)).objective;

  it('tells classes from quantities', () => {
    assert.equal(objectiveOf('1', '0'), 'binary:logistic');
    assert.equal(objectiveOf('0.0', '1.0'), 'binary:logistic');
    assert.equal(objectiveOf('0', '1', '2', ''), 'multi:softprob');
    assert.equal(objectiveOf('1', '2', '3'), 'reg:squarederror');
    assert.equal(objectiveOf('0', '2'), 'reg:squarederror');
    assert.equal(objectiveOf('0', '0.5', '1'), 'reg:squarederror');
    assert.equal(objectiveOf('0'), 'reg:squarederror');
  });

  it('takes many values, and no label, for a quantity', () => {
    assert.equal(
      guessObjective(aColumn('label', { distinctExamples: ['0', '1'] })).objective,
      'reg:squarederror',
    );
    assert.equal(guessObjective(undefined).objective, 'reg:squarederror');
  });
});

describe('metricFor', () => {
  it("is the objective's own metric", () => {
    const objectives = [
      'reg:squarederror',
      'reg:linear',
      'reg:logistic',
      'binary:logistic',
      'binary:hinge',
      'multi:softmax',
      'count:poisson',
      'rank:map',
    ];
    assert.deepEqual(objectives.map(metricFor), [
      'rmse',
      'rmse',
      'logloss',
      'logloss',
      'error',
      'mlogloss',
      'poisson-nloglik',
      'map',
    ]);
  });
});

describe('applyChange', () => {
  it('treats a column in one way at a time', () => {
    const asMissing = applyChange(aDraft(), { kind: 'textAsMissing', column: 1 });
    assert.deepEqual(asMissing.data.textAsMissingColumns, [1]);
    const dropped = applyChange(asMissing, { kind: 'dropColumn', column: 1 });
    assert.deepEqual([dropped.data.droppedColumns, dropped.data.textAsMissingColumns], [[1], []]);
    const both = applyChange(dropped, { kind: 'dropColumn', column: 0 });
    assert.deepEqual(both.data.droppedColumns, [0, 1]);
    const kept = applyChange(both, { kind: 'keepColumn', column: 1 });
    assert.deepEqual([kept.data.droppedColumns, kept.data.textAsMissingColumns], [[0], []]);
  });

  it('takes a dropped column back when it becomes the label', () => {
    const dropped = applyChange(aDraft(), { kind: 'dropColumn', column: 0 });
    const { data } = applyChange(dropped, { kind: 'setLabel', column: 0 });
    assert.deepEqual([data.labelColumn, data.droppedColumns], [0, []]);
  });

  it('changes the objective with the label as long as it is the suggested one', () => {
    const draft = aDraft({ ...classes, labelGuess: { column: 1, reason: '' } });
    const other = applyChange(draft, { kind: 'setLabel', column: 2 }, classes);
    assert.deepEqual(other.algorithm.hyperparameters, {
      objective: 'binary:logistic',
      eval_metric: 'logloss',
      num_round: '100',
      early_stopping_rounds: '10',
    });
    const chosen = applyChange(draft, { kind: 'setHyperparameter', name: 'eval_metric', value: 'merror' });
    const kept = applyChange(chosen, { kind: 'setLabel', column: 2 }, classes);
    assert.equal(kept.algorithm.hyperparameters['objective'], 'multi:softprob');
  });

  it('sets a part of the split, a hyperparameter, and the name', () => {
    const draft = aDraft();
    assert.equal(applyChange(draft, { kind: 'setSplit', split: { seed: 7 } }).data.split.seed, 7);
    const set = applyChange(draft, { kind: 'setHyperparameter', name: 'eta', value: '0.2' });
    assert.equal(set.algorithm.hyperparameters['eta'], '0.2');
    const taken = applyChange(set, { kind: 'setHyperparameter', name: 'eta', value: undefined });
    assert.deepEqual(taken, draft);
    assert.equal(applyChange(draft, { kind: 'setJobName', name: 'boston-2' }).jobName, 'boston-2');
  });

  it('leaves the draft that it was given alone', () => {
    const draft = aDraft();
    const before = structuredClone(draft);
    applyChange(draft, { kind: 'dropColumn', column: 0 });
    assert.deepEqual(draft, before);
  });
});

describe('toTrainingRequest', () => {
  const image = 'image:1.7-1';
  const train = 's3://bucket/job/train/';

  it('is the whole request, with the draft in the places that SageMaker has for it', () => {
    const request = toTrainingRequest(
      aDraft(),
      { trainS3Uri: train, validationS3Uri: 's3://bucket/job/validation/' },
      image,
    );
    const channel = (name: string) => ({
      ChannelName: name,
      ContentType: 'text/csv',
      CompressionType: 'None',
      DataSource: {
        S3DataSource: {
          S3DataType: 'S3Prefix',
          S3Uri: `s3://bucket/job/${name}/`,
          S3DataDistributionType: 'FullyReplicated',
        },
      },
    });
    assert.deepEqual(request, {
      TrainingJobName: 'boston-housing-2026-11-22-14-02-31-120',
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
      RoleArn: 'arn:aws:iam::111122223333:role/SageMakerRole',
      InputDataConfig: [channel('train'), channel('validation')],
      OutputDataConfig: { S3OutputPath: 's3://sagemaker-us-east-1-111122223333/sagemaker-jobs' },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      HyperParameters: {
        objective: 'reg:squarederror',
        eval_metric: 'rmse',
        num_round: '100',
        early_stopping_rounds: '10',
      },
    });
  });

  it('has no validation channel without validation rows', () => {
    const { InputDataConfig } = toTrainingRequest(aDraft(), { trainS3Uri: train }, image);
    assert.deepEqual(
      InputDataConfig.map(({ ChannelName }) => ChannelName),
      ['train'],
    );
  });
});
