import assert from 'node:assert/strict';
import { createMetric, logGamma, printedMetricName } from '../../../src/boosting/metrics.ts';

const evaluate = (entry: string, predictions: number[], labels: number[], groups = 1): number =>
  createMetric(entry, groups).evaluate(Float32Array.from(predictions), Float32Array.from(labels), groups);

const close = (actual: number, expected: number): void => {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} instead of ${expected}`);
};

describe('createMetric', () => {
  it('measures errors of values', () => {
    // Errors 1, 0, -2.
    close(evaluate('rmse', [1, 2, 5], [2, 2, 3]), Math.sqrt(5 / 3));
    close(evaluate('mae', [1, 2, 5], [2, 2, 3]), 1);
  });

  it('measures probabilities', () => {
    close(evaluate('logloss', [0.75, 0.5], [1, 0]), -(Math.log(0.75) + Math.log(0.5)) / 2);
    // A certain mistake costs -ln 1e-16, not infinity.
    close(evaluate('logloss', [0], [1]), 36.8413614);
  });

  it('counts errors above a threshold, a half unless another is given', () => {
    const predictions = [0.4, 0.6, 0.8];
    const labels = [0, 0, 1];
    close(evaluate('error', predictions, labels), 1 / 3);
    close(evaluate('error@0.7', predictions, labels), 0);
    close(evaluate('error@0.3', predictions, labels), 2 / 3);
  });

  it('names a threshold as XGBoost prints it', () => {
    assert.equal(printedMetricName('error@0.7'), 'error@0.7');
    assert.equal(printedMetricName('error@0.5'), 'error');
    assert.equal(printedMetricName('auc'), 'auc');
  });

  it('measures the area under the ROC curve, ties as half', () => {
    // Pairs of a positive (0.8, 0.4) and a negative (0.4, 0.2): three are in order, one is tied: 3.5 of 4.
    close(evaluate('auc', [0.8, 0.4, 0.4, 0.2], [1, 1, 0, 0]), 0.875);
    close(evaluate('auc', [0.1, 0.9], [1, 0]), 0);
    assert.equal(createMetric('auc', 1).maximize, true);
  });

  it('has no area when only one class is present', () => {
    assert.ok(Number.isNaN(evaluate('auc', [0.1, 0.9], [1, 1])));
  });

  it('measures classes', () => {
    const predictions = [0.7, 0.2, 0.1, 0.1, 0.3, 0.6];
    close(evaluate('merror', predictions, [0, 1], 3), 0.5);
    close(evaluate('mlogloss', predictions, [0, 1], 3), -(Math.log(0.7) + Math.log(0.3)) / 2);
  });

  it('measures counts', () => {
    // lnΓ(3 + 1) + 2 - 3 ln 2 for a mean of 2 and a count of 3.
    close(evaluate('poisson-nloglik', [2], [3]), Math.log(6) + 2 - 3 * Math.log(2));
  });

  it('refuses metrics that do not fit the number of classes, and unknown ones', () => {
    assert.throws(() => createMetric('rmse', 3), { name: 'XgboostError' });
    assert.throws(() => createMetric('mlogloss', 1), { name: 'XgboostError' });
    assert.throws(() => createMetric('auc', 3), { name: 'UnsupportedByLocalTrainer' });
    assert.throws(() => createMetric('f1', 1), {
      message: 'the local trainer does not support the metric f1',
    });
  });
});

describe('logGamma', () => {
  it('knows factorials', () => {
    close(logGamma(1), 0);
    close(logGamma(11), Math.log(3628800));
  });
});
