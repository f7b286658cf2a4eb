import assert from 'node:assert/strict';
import { checkHyperparameters, type HyperparameterContext } from '../../../src/core/checkHyperparameters.ts';

/** A line for each problem: severity, hyperparameter, message, labels of the repairs. */
function problemsOf(
  given: Readonly<Record<string, string>>,
  context: Partial<HyperparameterContext> = {},
): string {
  const problems = checkHyperparameters(
    { num_round: '200', ...given },
    { version: '1.7-1', hasValidation: true, localTrainer: false, ...context },
  );
  return problems
    .map(({ field, severity, message, fixes = [] }) => {
      const repairs = fixes.map(({ label }) => ` [${label}]`).join('');
      return `${severity} ${field.replace('algorithm.hyperparameters.', '')}: ${message}${repairs}`;
    })
    .join('\n');
}

describe('checkHyperparameters', () => {
  it('has nothing to say about the settings of the tutorial', () => {
    const given = {
      max_depth: '5',
      eta: '0.2',
      gamma: '4',
      min_child_weight: '6',
      subsample: '0.8',
      objective: 'reg:squarederror',
      early_stopping_rounds: '10',
      eval_metric: 'rmse',
    };
    assert.equal(problemsOf(given, { localTrainer: true }), '');
  });

  it('says the limits of a number, and what XGBoost refuses', () => {
    assert.equal(
      problemsOf({
        subsample: '0',
        eta: '1.5',
        max_depth: '5.5',
        gamma: 'x',
        seed: '2147483647',
        max_bin: '1',
      }),
      `error subsample: Must be more than 0 and at most 1. XGBoost refuses 0. [Reset to 1]
error eta: Must be at least 0 and at most 1. XGBoost refuses 1.5. [Reset to 0.3]
error max_depth: Must be a whole number, at least 0. [Reset to 6]
error gamma: Must be a number, at least 0. [Reset to 0]
error seed: Must be more than -2147483648 and less than 2147483647. XGBoost refuses 2147483647. [Reset to 0]
error max_bin: Must be at least 2. XGBoost refuses 1. [Reset to 256]`,
    );
  });

  it('refuses nan, which the container would let through', () => {
    assert.equal(
      problemsOf({ eta: 'nan' }),
      'error eta: Must be a number, at least 0 and at most 1. [Reset to 0.3]',
    );
  });

  it('asks for the number of rounds', () => {
    const problems = checkHyperparameters({}, { version: '1.7-1', hasValidation: true, localTrainer: false });
    assert.deepEqual(problems, [
      {
        field: 'algorithm.hyperparameters.num_round',
        severity: 'error',
        message: 'Rounds is needed: at least 1.',
        fixes: [{ label: 'Use 100', change: { kind: 'setHyperparameter', name: 'num_round', value: '100' } }],
      },
    ]);
  });

  it('offers the nearest of the known values', () => {
    assert.equal(
      problemsOf({ objective: 'reg:squareerror' }),
      'error objective: XGBoost has no objective "reg:squareerror". Did you mean reg:squarederror? [Use reg:squarederror]',
    );
    assert.equal(
      problemsOf({ objective: 'reg:logloss' }),
      'error objective: XGBoost has no objective "reg:logloss". Did you mean reg:logistic? [Use reg:logistic]',
    );
    assert.equal(
      problemsOf({ booster: 'forest' }),
      'error booster: XGBoost has no booster "forest". Choose one of gbtree, gblinear, dart. [Reset to gbtree]',
    );
    assert.equal(
      problemsOf({ objective: 'reg:squarederror', eval_metric: 'rmse,maee' }),
      'error eval_metric: XGBoost has no eval_metric "maee". Did you mean mae? [Use rmse,mae]',
    );
  });

  it('does not offer what only the container knows', () => {
    assert.match(
      problemsOf({ objective: 'aft_loss_distribution' }),
      /^error objective: XGBoost has no objective/,
    );
  });

  it('knows the names of other tools', () => {
    assert.equal(
      problemsOf({ n_estimators: '10', max_dept: '5', zzz: '1' }),
      `error n_estimators: XGBoost on SageMaker has no "n_estimators". Did you mean num_round? [Remove n_estimators]
error max_dept: XGBoost on SageMaker has no "max_dept". Did you mean max_depth? [Remove max_dept]
error zzz: XGBoost on SageMaker has no "zzz". [Remove zzz]`,
    );
  });

  it('says which image brought what the chosen one lacks', () => {
    assert.equal(
      problemsOf({ sampling_method: 'uniform', objective: 'reg:absoluteerror' }, { version: '1.2-1' }),
      `error sampling_method: Image 1.2-1 has no sampling_method; it came with 1.3-1. [Remove sampling_method]
error objective: Image 1.2-1 has no objective "reg:absoluteerror"; it came with 1.7-1. Did you mean reg:squarederror? [Use reg:squarederror]`,
    );
  });

  it('mends a list of metrics with spaces, and explains thresholds', () => {
    const objective = 'binary:logistic';
    assert.equal(
      problemsOf({ objective, eval_metric: 'auc, error' }),
      'error eval_metric: Separate the names by commas only, without spaces. [Use auc,error]',
    );
    assert.equal(
      problemsOf({ objective, eval_metric: 'aucpr@0.5' }),
      'error eval_metric: Only error, ndcg, map take a threshold, as in error@0.7. [Remove eval_metric]',
    );
    assert.equal(
      problemsOf({ objective, eval_metric: 'error@half' }),
      'error eval_metric: After @ comes a number, as in error@0.7. [Remove eval_metric]',
    );
    assert.equal(problemsOf({ objective, eval_metric: 'error@0.7' }), '');
  });

  it('wants the number of classes with several classes, at both fields, and only then', () => {
    const message = 'multi:softmax needs the number of classes (num_class), at least 2. [Use 3 classes]';
    assert.equal(
      problemsOf({ objective: 'multi:softmax' }, { classCount: 3 }),
      `error objective: ${message}\nerror num_class: ${message}`,
    );
    assert.equal(
      problemsOf({ num_class: '3' }),
      'error num_class: Only multi:softmax and multi:softprob have classes to count; reg:squarederror fails with num_class. [Remove num_class]',
    );
  });

  it('wants an objective beside a metric, and a metric that fits it', () => {
    const message =
      'eval_metric needs an objective to be sent too; without one the container fails. [Use reg:squarederror]';
    assert.equal(
      problemsOf({ eval_metric: 'rmse' }),
      `error objective: ${message}\nerror eval_metric: ${message}`,
    );
    assert.equal(
      problemsOf({ objective: 'reg:squarederror', eval_metric: 'auc' }),
      'error eval_metric: auc works with binary: and rank: objectives only, not with reg:squarederror. [Use rmse]',
    );
    assert.equal(
      problemsOf({ objective: 'multi:softprob', num_class: '3', eval_metric: 'error' }),
      'warning eval_metric: error is for two classes; with multi:softprob use mlogloss or merror. [Use mlogloss]',
    );
    assert.equal(
      problemsOf({ objective: 'binary:logistic', eval_metric: 'merror' }),
      'warning eval_metric: merror is for several classes (multi:softmax, multi:softprob), not for binary:logistic. [Use logloss]',
    );
  });

  it('warns that early stopping without a metric is ignored', () => {
    assert.equal(
      problemsOf({ objective: 'binary:logistic', early_stopping_rounds: '10' }),
      'warning early_stopping_rounds: Without eval_metric the container ignores early stopping and runs all 200 rounds. [Use logloss] [Turn Off Early Stopping]',
    );
    assert.equal(problemsOf({ early_stopping_rounds: '10' }, { hasValidation: false }), '');
  });

  it('knows what tree methods can do', () => {
    assert.equal(
      problemsOf({ max_depth: '0', monotone_constraints: '(1,-1)' }),
      `error max_depth: A depth without limit (0) needs tree_method hist or approx. [Use hist]
error monotone_constraints: monotone_constraints needs tree_method exact or hist. [Use hist]`,
    );
    assert.equal(problemsOf({ max_depth: '0' }, { version: '3.0-5' }), '');
    assert.equal(
      problemsOf({ monotone_constraints: 'up', tree_method: 'hist' }),
      'error monotone_constraints: Must look like (1,-1,0). [Remove monotone_constraints]',
    );
  });

  it('refuses a base score that has no logit', () => {
    assert.equal(
      problemsOf({ objective: 'binary:logistic', base_score: '1' }),
      'error base_score: Must be more than 0 and less than 1 for binary:logistic.',
    );
    assert.equal(problemsOf({ base_score: '22.5' }), '');
  });

  it('warns of settings without effect', () => {
    assert.equal(
      problemsOf({ rate_drop: '0.1' }),
      'warning rate_drop: rate_drop has an effect only with booster dart. [Remove rate_drop]',
    );
    assert.equal(problemsOf({ rate_drop: '0.1', booster: 'dart' }), '');
  });

  it("says what the local trainer can't do, only where it trains", () => {
    const given = { objective: 'rank:ndcg' };
    assert.equal(problemsOf(given), '');
    assert.equal(
      problemsOf(given, { localTrainer: true }),
      'error objective: The local trainer does not support the objective rank:ndcg. [Reset to reg:squarederror]',
    );
  });

  it('says one thing about one field: first what is wrong by itself', () => {
    assert.equal(
      problemsOf({ objective: 'multi:soft', eval_metric: 'auc' }, { localTrainer: true }).split('\n').length,
      2,
    );
  });
});
