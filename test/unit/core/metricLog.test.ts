import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatStandingMetric } from '../../../src/core/format.ts';
import { MetricHistory, metricDirection, parseMetricLine } from '../../../src/core/metricLog.ts';

interface Sample {
  readonly line: string;
  readonly note: string;
  readonly expected: {
    readonly round: number;
    readonly metrics: Readonly<Record<string, number | string>>;
  } | null;
}

const { samples } = JSON.parse(
  readFileSync(new URL('../../vectors/log-samples.json', import.meta.url), 'utf8'),
) as { readonly samples: readonly Sample[] };

/** The form of the samples: one key for each value, `nan` and `inf` as words. */
function asSample(message: string): Sample['expected'] {
  const parsed = parseMetricLine(message);
  if (!parsed) return null;
  const metrics = parsed.metrics.map(({ channel, metric, value, text }) => [
    `${channel}:${metric}`,
    Number.isFinite(value) ? value : text,
  ]);
  return { round: parsed.round, metrics: Object.fromEntries(metrics) as Record<string, number | string> };
}

function history(...lines: readonly string[]): MetricHistory {
  const metrics = new MetricHistory();
  for (const line of lines) metrics.add(line);
  return metrics;
}

function rmseHistory(...values: readonly string[]): MetricHistory {
  return history(...values.map((value, round) => `[${round}]#011train-rmse:1.0#011validation-rmse:${value}`));
}

const stoppingEarly = {
  hyperparameters: { early_stopping_rounds: '2', eval_metric: 'rmse', num_round: '100' },
  hasValidation: true,
};

describe('parseMetricLine', () => {
  for (const { line, note, expected } of samples) {
    it(`reads ${JSON.stringify(line)} (${note})`, () => {
      assert.deepEqual(asSample(line), expected);
    });
  }

  it('keeps NaN and the infinities as numbers, and their text', () => {
    const line = '[1]\ttrain-rmse:nan\tvalidation-rmse:-inf';
    assert.deepEqual(parseMetricLine(line)?.metrics, [
      { channel: 'train', metric: 'rmse', value: NaN, text: 'nan' },
      { channel: 'validation', metric: 'rmse', value: -Infinity, text: '-inf' },
    ]);
  });

  it('refuses a line in which anything else stands', () => {
    assert.equal(parseMetricLine('[3] files of 12 read, train-rmse:9.1'), undefined);
    assert.equal(parseMetricLine('[3]\ttrain-rmse:'), undefined);
  });
});

describe('metricDirection', () => {
  it('follows the table of the container, in which thresholds are missing', () => {
    assert.deepEqual(['auc', 'rmse', 'map', 'ndcg@10', 'unheard-of'].map(metricDirection), [
      'maximize',
      'minimize',
      'maximize',
      'minimize',
      'minimize',
    ]);
  });
});

describe('MetricHistory', () => {
  it('tells evaluations from other lines', () => {
    const metrics = new MetricHistory();
    assert.equal(metrics.add('[2025-06-22:07:11:21:INFO] Train matrix has 5 rows and 11 columns'), false);
    assert.equal(metrics.add('[0]#011train-rmse:9.1'), true);
    assert.deepEqual(
      metrics.rounds.map(({ round }) => round),
      [0],
    );
  });

  it('forgets the rounds that a restarted instance runs again', () => {
    const metrics = history(
      '[0]\ttrain-rmse:3',
      '[1]\ttrain-rmse:2',
      '[2]\ttrain-rmse:1',
      '[1]\ttrain-rmse:2.5',
    );
    assert.deepEqual(
      metrics.rounds.map(({ round, metrics }) => [round, metrics[0]?.value]),
      [
        [0, 3],
        [1, 2.5],
      ],
    );
  });

  it('shows the last fold and the average of a cross-validation', () => {
    const metrics = history(
      '[0]\ttrain-rmse:3',
      '[1]\ttrain-rmse:2',
      '[0]\ttrain-rmse:4',
      '[2]\ttrain-rmse:3.5',
    );
    assert.equal(metrics.standing({ hyperparameters: {}, hasValidation: false })?.value, 3.5);
  });

  it('has no standing metric before the first evaluation', () => {
    assert.equal(new MetricHistory().standing(stoppingEarly), undefined);
  });

  it('stands for the best round when early stopping is active', () => {
    const standing = rmseHistory('9.0', '8.5', '8.7', '8.6').standing(stoppingEarly);
    assert.deepEqual(standing, {
      kind: 'best',
      channel: 'validation',
      metric: 'rmse',
      value: 8.5,
      text: '8.5',
      round: 1,
    });
  });

  it('maximizes a metric that grows', () => {
    const lines = ['0.7', '0.9', '0.8'].map((auc, round) => `[${round}]\tvalidation-auc:${auc}`);
    const hyperparameters = { early_stopping_rounds: '2', eval_metric: 'logloss,auc' };
    const standing = history(...lines).standing({ hyperparameters, hasValidation: true });
    assert.deepEqual([standing?.round, standing?.value], [1, 0.9]);
  });

  it('decides by the eval_metric listed last', () => {
    const metrics = history(
      '[0]\ttrain-rmse:1\ttrain-mae:1\tvalidation-rmse:5\tvalidation-mae:2',
      '[1]\ttrain-rmse:1\ttrain-mae:1\tvalidation-rmse:4\tvalidation-mae:3',
    );
    const hyperparameters = { early_stopping_rounds: '5', eval_metric: 'rmse,mae' };
    assert.equal(metrics.standing({ hyperparameters, hasValidation: true })?.text, '2');
    assert.equal(
      metrics.standing({ hyperparameters: { eval_metric: 'mae,rmse' }, hasValidation: true })?.text,
      '4',
    );
  });

  it('takes the later of two rounds that look equal when training ended because of it', () => {
    const standing = rmseHistory('9.0', '8.5', '8.5', '8.7', '8.6').standing(stoppingEarly);
    assert.equal(standing?.round, 2);
  });

  it('stands for the last round when any part of early stopping is missing', () => {
    const metrics = rmseHistory('9.0', '8.5', '8.7');
    const { early_stopping_rounds, eval_metric } = stoppingEarly.hyperparameters;
    const contexts = [
      { hyperparameters: { early_stopping_rounds }, hasValidation: true },
      { hyperparameters: { eval_metric }, hasValidation: true },
      { hyperparameters: { early_stopping_rounds, eval_metric }, hasValidation: false },
    ];
    const standing = contexts.map((context) => metrics.standing(context));
    assert.deepEqual(
      standing.map((each) => [each?.kind, each?.round, each?.text]),
      [
        ['final', 2, '8.7'],
        ['final', 2, '8.7'],
        ['final', 2, '8.7'],
      ],
    );
  });

  it('falls back to training metrics without a validation channel', () => {
    const standing = history('[0]\ttrain-rmse:3').standing({ hyperparameters: {}, hasValidation: false });
    assert.deepEqual([standing?.kind, standing?.channel], ['final', 'train']);
  });
});

describe('formatStandingMetric', () => {
  it('is short in a row and complete elsewhere', () => {
    const standing = rmseHistory('9.12345', '8.00052').standing({ hyperparameters: {}, hasValidation: true });
    assert.ok(standing);
    assert.equal(formatStandingMetric(standing, 'short'), 'final validation:rmse 8.001');
    assert.equal(formatStandingMetric(standing, 'full'), 'final validation:rmse 8.00052 (round 1)');
  });
});
