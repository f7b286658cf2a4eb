import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ContainerChannel } from '../../../src/core/xgboostChannels.ts';
import { failureReasonOf, validateHyperparameters } from '../../../src/core/xgboostContainer.ts';

interface Vector {
  readonly id: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, ContainerChannel>>;
  readonly expected: {
    readonly outcome: string;
    readonly stage?: string;
    readonly error_class?: string;
    readonly parsed?: unknown;
    readonly file_type?: string;
  };
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/xgboost-hyperparameters.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly Vector[] };

const csv: ContainerChannel = {
  TrainingInputMode: 'File',
  S3DistributionType: 'FullyReplicated',
  ContentType: 'text/csv',
};

function verdictOf(hyperparameters: Readonly<Record<string, string>>, version = '1.7-1') {
  return validateHyperparameters(
    { num_round: '10', ...hyperparameters },
    { channels: { train: csv }, version },
  );
}

/** What the container says, with the class of the error before the words. */
function refusalOf(hyperparameters: Readonly<Record<string, string>>, version = '1.7-1'): string {
  const verdict = verdictOf(hyperparameters, version);
  return verdict.outcome === 'rejected' ? `${verdict.errorClass}: ${verdict.message}` : 'accepted';
}

describe('validateHyperparameters', () => {
  for (const { id, hyperparameters, channels, expected } of vectors) {
    it(`gives the container's verdict on ${id}`, () => {
      const verdict = validateHyperparameters(hyperparameters, { channels, version: '1.7-1' });
      const comparable =
        verdict.outcome === 'accepted'
          ? { outcome: verdict.outcome, parsed: verdict.parsed, file_type: verdict.fileType }
          : { outcome: verdict.outcome, stage: verdict.stage, error_class: verdict.errorClass };
      assert.deepEqual(comparable, expected);
    });
  }

  it('covers all 40 cases that were run in the container', () => {
    assert.equal(vectors.length, 40);
  });

  it("says each refusal in the container's words", () => {
    const refusals = [
      refusalOf({ eta: '1.1' }),
      refusalOf({ num_round: '0' }),
      refusalOf({ num_round: 'ten' }),
      refusalOf({ subsample: '0' }),
      refusalOf({ n_estimators: '10' }),
      refusalOf({ booster: 'tree' }),
      refusalOf({ lambda: '-0.1' }),
      refusalOf({ alpha: '-1e-5' }),
      refusalOf({ seed: '2147483647' }),
      refusalOf({ prob_buffer_row: '1' }),
      refusalOf({ objective: 'multi:softmax' }),
      refusalOf({ eval_metric: 'rmse' }),
      refusalOf({ objective: 'reg:squarederror', eval_metric: 'auc' }),
      refusalOf({ objective: 'binary:logistic', eval_metric: 'aft-nloglik' }),
      refusalOf({ objective: 'binary:logistic', eval_metric: 'aucpr@0.5' }),
      refusalOf({ objective: 'binary:logistic', eval_metric: 'error@half' }),
      refusalOf({ monotone_constraints: '(1,-1)' }),
      refusalOf({ monotone_constraints: '1', tree_method: 'hist' }),
      refusalOf({ monotone_constraints: '(1,2)', tree_method: 'hist' }),
      refusalOf({ monotone_constraints: 'up', tree_method: 'hist' }),
      refusalOf({ monotone_constraints: '(1,', tree_method: 'hist' }),
      refusalOf({ interaction_constraints: '[[0,1]]', tree_method: 'hist' }),
      refusalOf({ interaction_constraints: '[[1,2],[3]]', tree_method: 'auto' }),
      refusalOf({ interaction_constraints: 'a', tree_method: 'hist' }),
      refusalOf({ updater: 'shotgun' }),
      refusalOf({ updater: 'grow_colmaker,grow_histmaker' }),
      refusalOf({ updater: 'sync', process_type: 'update' }),
    ];
    assert.equal(
      refusals.join('\n'),
      `UserError: Hyperparameter eta: 1.1 is not in [0, 1]
UserError: Hyperparameter num_round: 0 is not in [1, +inf)
UserError: Hyperparameter num_round: could not parse value (caused by ValueError)
UserError: Hyperparameter subsample: 0.0 is not in (0, 1]
UserError: Extraneous hyperparameter found: n_estimators
UserError: Hyperparameter booster: tree is not in ['gbtree', 'gblinear', 'dart']
UserError: Hyperparameter lambda: -0.1 is not in [0, +inf)
UserError: Hyperparameter alpha: -1e-05 is not in [0, +inf)
UserError: Hyperparameter seed: 2147483647 is not in (-2147483648, 2147483647)
UserError: Hyperparameter prob_buffer_row: 1 is not in (1.0, +inf)
UserError: Require input for parameter 'num_class' for multi-classification
Uncaught:KeyError: 'objective'
UserError: Metric 'auc' can only be applied for classification and ranking problems.
UserError: Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.
UserError: Metric 'aucpr@0.5' is not supported. Parameter 'eval_metric' with customized threshold should be one of these options: 'error', 'ndcg', 'map'.
UserError: Threshold value 't' in 'error@t' expects float input.
UserError: monotone_constraints can be used only when the tree_method parameter is set to either 'exact' or 'hist'.
AlgorithmError: Hyperparameter monotone_constraints: unexpected failure when validating 1 (caused by TypeError)
UserError: Hyperparameter monotone_constraints: value (1, 2) not in range [-1, 0, 1]
Uncaught:NameError: name 'up' is not defined
Uncaught:SyntaxError: invalid syntax
UserError: Hyperparameter interaction_constraints: value [[0, 1]] not in range [1, +inf)
UserError: interaction_constraints can be used only when the tree_method parameter is set to either 'exact', 'hist' or 'approx'.
UserError: Hyperparameter interaction_constraints: could not parse value (caused by ValueError)
UserError: Tree updater should be selected from these options: 'grow_colmaker', 'distcol', 'grow_histmaker', 'grow_local_histmaker', 'grow_skmaker', 'grow_quantile_histmaker', 'sync', 'refresh', 'prune', 'shortgun', 'coord_descent'.
UserError: Only one tree grow plugin can be selected. Choose one from thefollowing: 'grow_colmaker', 'distcol', 'grow_histmaker', 'grow_local_histmaker', 'grow_skmaker'
UserError: process_type 'update' can only be used with updater 'refresh' and 'prune'`,
    );
  });

  it('names the hyperparameter at fault', () => {
    const verdict = verdictOf({ learning_rate: '2' });
    assert.equal(verdict.outcome === 'rejected' && verdict.field, 'eta');
  });

  it('lets NaN through every range, as Python comparisons do', () => {
    assert.equal(refusalOf({ eta: 'nan' }), 'accepted');
  });

  it('prefers the later of a name and its alias', () => {
    const verdict = verdictOf({ eta: '0.1', learning_rate: '0.4' });
    assert.deepEqual(verdict.outcome === 'accepted' && verdict.parsed, { num_round: 10, eta: 0.4 });
  });

  it('leaves entries for the platform to the platform', () => {
    assert.equal(refusalOf({ sagemaker_region: 'us-east-1' }), 'accepted');
  });

  it('knows what older images lack', () => {
    assert.equal(
      refusalOf({ sampling_method: 'uniform' }, '1.2-1'),
      'UserError: Extraneous hyperparameter found: sampling_method',
    );
    assert.match(refusalOf({ tree_method: 'gpu_hist' }, '1.0-1'), /gpu_hist is not in \['auto', 'exact', /);
    assert.equal(refusalOf({ sampling_method: 'uniform' }, 'latest'), 'accepted');
  });

  it('reports only the first error, a wrong value before a missing companion', () => {
    assert.equal(
      refusalOf({ eval_metric: 'auc', eta: '7' }),
      'UserError: Hyperparameter eta: 7.0 is not in [0, 1]',
    );
  });

  it('prints the settings of a channel that it refuses', () => {
    const channels = { train: { ...csv, ContentType: 'text/csv; label_size=1' } };
    const verdict = validateHyperparameters({ num_round: '1' }, { channels, version: '1.7-1' });
    assert.equal(
      verdict.outcome === 'rejected' && verdict.message,
      "Channel configuration for 'train' channel is not supported: {'TrainingInputMode': 'File', " +
        "'S3DistributionType': 'FullyReplicated', 'ContentType': 'text/csv; label_size=1'}",
    );
  });
});

describe('failureReasonOf', () => {
  it('is the framework error that the service shows, cut at 1024 characters', () => {
    const message = 'Hyperparameter eta: 1.1 is not in [0, 1]';
    assert.equal(
      failureReasonOf({ errorClass: 'UserError', message }),
      'AlgorithmError: framework error: \nTraceback (most recent call last):\n' +
        `sagemaker_algorithm_toolkit.exceptions.UserError: ${message}`,
    );
    assert.match(
      failureReasonOf({ errorClass: 'Uncaught:KeyError', message: "'objective'" }),
      /\nKeyError: 'objective'$/,
    );
    assert.equal(failureReasonOf({ errorClass: 'UserError', message: 'x'.repeat(2000) }).length, 1024);
  });
});
