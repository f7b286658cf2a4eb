import assert from 'node:assert/strict';
import {
  ContainerError,
  formatMetric,
  infoLine,
  metricDefinitions,
  parseXgboostImage,
  roundLine,
  userError,
} from '../../../src/backend/container.ts';

describe('formatMetric', () => {
  // The expected texts are those of printf '%.5f' of glibc.
  const cases: readonly (readonly [number, string])[] = [
    [9.1, '9.10000'],
    [0, '0.00000'],
    [-0, '-0.00000'],
    [-1.5, '-1.50000'],
    [1e-6, '0.00000'],
    [123456.789, '123456.78900'],
    [NaN, 'nan'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    // Ties go to the even digit: 1/64 is exactly 0.015625, 3/64 exactly 0.046875.
    [1 / 64, '0.01562'],
    [3 / 64, '0.04688'],
    [5 / 64, '0.07812'],
  ];
  for (const [value, text] of cases) {
    it(`prints ${Object.is(value, -0) ? '-0' : value} as ${text}`, () => {
      assert.equal(formatMetric(value), text);
    });
  }
});

describe('roundLine', () => {
  it('puts a tab before each channel and metric', () => {
    const line = roundLine(12, [
      { channel: 'train', metric: 'rmse', value: 1.5 },
      { channel: 'validation', metric: 'error@0.7', value: 0.25 },
    ]);
    assert.equal(line, '[12]\ttrain-rmse:1.50000\tvalidation-error@0.7:0.25000');
  });
});

describe('infoLine', () => {
  it('has the time in UTC, in the form of the container', () => {
    const date = new Date(Date.UTC(2025, 5, 22, 7, 11, 20, 925));
    assert.equal(infoLine('Single node training.', date), '[2025-06-22:07:11:20:INFO] Single node training.');
  });
});

describe('parseXgboostImage', () => {
  const registry = '683313688378.dkr.ecr.us-east-1.amazonaws.com';
  const cases: readonly (readonly [string, string | undefined])[] = [
    [`${registry}/sagemaker-xgboost:1.7-1`, '1.7.4'],
    [`${registry}/sagemaker-xgboost:1.5-1-cpu-py3`, '1.5.2'],
    [`${registry}/sagemaker-xgboost:3.0-5`, '3.0.5'],
    ['811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1', '0.72'],
    ['811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:latest', '0.72'],
    [`${registry}/sagemaker-xgboost:9.9-9`, undefined],
  ];
  for (const [image, version] of cases) {
    it(`finds XGBoost ${version ?? 'of an unknown version'} in ${image.split('/')[1]}`, () => {
      assert.equal(parseXgboostImage(image)?.xgboostVersion, version);
    });
  }

  it('knows no other algorithm', () => {
    for (const name of [
      'linear-learner:1',
      'my-xgboost:1.7-1',
      'xgboost-neo:1',
      'sagemaker-scikit-learn:1.2-1',
    ]) {
      assert.equal(parseXgboostImage(`${registry}/${name}`), undefined, name);
    }
  });
});

describe('ContainerError', () => {
  it('words the failure reason and the last log lines as the container does', () => {
    const error = userError('Missing required channel: train');
    assert.ok(error instanceof ContainerError);
    assert.equal(
      error.failureReason,
      'AlgorithmError: framework error: \nTraceback (most recent call last):\n' +
        'sagemaker_algorithm_toolkit.exceptions.UserError: Missing required channel: train',
    );
    assert.deepEqual(error.logLines, [
      'Reporting training FAILURE',
      'framework error: ',
      'Traceback (most recent call last):',
      'sagemaker_algorithm_toolkit.exceptions.UserError: Missing required channel: train',
    ]);
  });
});

describe('metricDefinitions', () => {
  it('finds its metrics in the lines as the service stores them', () => {
    const rmse = metricDefinitions().find(({ Name }) => Name === 'validation:rmse');
    const match = new RegExp(rmse?.Regex ?? '').exec('[3]#011train-rmse:9.10000#011validation-rmse:9.20000');
    assert.equal(match?.[1], '9.20000');
  });
});
