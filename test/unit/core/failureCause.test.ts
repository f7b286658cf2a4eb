import assert from 'node:assert/strict';
import { failureCause } from '../../../src/core/failureCause.ts';
import { failureReasonOf, validateHyperparameters } from '../../../src/core/xgboostContainer.ts';

const traceback =
  'AlgorithmError: framework error: \nTraceback (most recent call last):\n  File "train.py", line 84\n';

const loading = `${traceback}UserError: Failed to load csv data with exception:\n`;

describe('failureCause', () => {
  it('recognises the usual causes', () => {
    const reasons = [
      'ClientError: the local trainer does not support the objective rank:ndcg.',
      `${loading}train data, line 1, column 2: "crim" is not a number`,
      `${loading}train data, line 17, column 2: "n/a" is not a number`,
      `${loading}train data, line 3 has 2 columns instead of 14`,
      `${loading}validation data, line 3 has no label`,
      `${loading}[14:02:33] src/data.cc:12: bad`,
      `${traceback}UserError: [14:02:33] label must be in [0,1] for logistic regression`,
      `${traceback}UserError: SoftmaxMultiClassObj: label must be in [0, num_class).`,
      `${traceback}UserError: Missing required channel: train`,
      `${traceback}UserError: No data in validation channel path /opt/ml/input/data/validation`,
      `${traceback}UserError: Extraneous hyperparameter found: n_estimators`,
      "ClientError: SageMaker was unable to assume the role 'arn:aws:iam::111122223333:role/R'",
      'ClientError: Data download failed: AccessDenied (403): Access Denied',
      'CapacityError: Unable to provision requested ML compute capacity.',
    ];
    assert.equal(
      reasons.map((reason) => failureCause(reason).phrase).join('\n'),
      `local trainer can't do objective rank:ndcg
header row in the data
text in the data: n/a
rows of different length
row without a label
data that can't be read
labels not from 0 to 1
label not below num_class
no train channel
no data in the validation channel
unknown hyperparameter n_estimators
role can't be used
access denied
no capacity for the instance type`,
    );
  });

  it('recognises what the container says of hyperparameters', () => {
    const phraseOf = (hyperparameters: Readonly<Record<string, string>>): string => {
      const channels = {
        train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', ContentType: 'csv' },
      };
      const verdict = validateHyperparameters(hyperparameters, { channels, version: '1.7-1' });
      assert.ok(verdict.outcome === 'rejected');
      return failureCause(failureReasonOf(verdict)).phrase;
    };
    assert.equal(phraseOf({}), 'num_round is missing');
    assert.equal(phraseOf({ num_round: 'x' }), "num_round can't be read");
    assert.equal(phraseOf({ num_round: '1', subsample: '0' }), "subsample can't be 0.0");
    assert.equal(phraseOf({ num_round: '1', objective: 'multi:softmax' }), 'num_class is missing');
    assert.equal(phraseOf({ num_round: '1', eval_metric: 'rmse' }), 'eval_metric without objective');
  });

  it('keeps the first 60 characters of other reasons, without prefixes and traceback', () => {
    const internal = failureCause('InternalServerError: We encountered an internal error. Please try again.');
    assert.deepEqual(internal, {
      phrase: 'We encountered an internal error. Please try again.',
      recognised: false,
    });
    assert.equal(failureCause(`${traceback}ValueError: something new`).phrase, 'something new');
    const long = failureCause('x'.repeat(100)).phrase;
    assert.equal(long, `${'x'.repeat(59)}…`);
  });
});
