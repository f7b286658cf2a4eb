import assert from 'node:assert/strict';
import { f32 } from '../../../src/boosting/float32.ts';
import type { DataMatrix } from '../../../src/boosting/matrix.ts';
import { MersenneTwister } from '../../../src/boosting/mersenneTwister.ts';
import { type Model, predict } from '../../../src/boosting/model.ts';
import { parseParameters } from '../../../src/boosting/parameters.ts';
import type { Round } from '../../../src/boosting/round.ts';
import { resolveTreeMethod, train, type TrainingRun } from '../../../src/boosting/train.ts';

/** Label 3 x0 - x1 + noise; the noise makes later rounds worse on other rows. */
function aMatrix(seed: number, rowCount: number, noise = 1): DataMatrix {
  const generator = new MersenneTwister(seed);
  const columns = Array.from({ length: 4 }, () =>
    Float32Array.from({ length: rowCount }, () => generator.nextUnit()),
  );
  const labels = Float32Array.from(
    { length: rowCount },
    (_, row) => 3 * columns[0]![row]! - columns[1]![row]! + noise * (generator.nextUnit() - 0.5),
  );
  return { rowCount, columns, labels };
}

function aRun(hyperparameters: Record<string, string> = {}, changes: Partial<TrainingRun> = {}): TrainingRun {
  return { train: aMatrix(1, 200), parameters: parseParameters(hyperparameters), numRound: 5, ...changes };
}

async function finish(run: TrainingRun): Promise<{ model: Model; rounds: Round[] }> {
  const running = train(run);
  const rounds: Round[] = [];
  for (;;) {
    const next = await running.next();
    if (next.done === true) return { model: next.value, rounds };
    rounds.push(next.value);
  }
}

describe('train', () => {
  it('fits one threshold as worked out by hand', async () => {
    // Labels 0, 0, 1, 1 at 1, 2, 3, 4. From a base score of 0.5 the gradients are ±0.5, the hessians 1. Split in the
    // middle: leaves -(±1) / (2 + 1) × 0.3 = ∓0.1; gain 1/3 + 1/3 - 0.
    const run = aRun(
      { max_depth: '1', tree_method: 'exact' },
      {
        train: {
          rowCount: 4,
          columns: [Float32Array.of(1, 2, 3, 4)],
          labels: Float32Array.of(0, 0, 1, 1),
        },
        numRound: 1,
      },
    );
    const { model } = await finish(run);
    const [tree] = model.trees;
    const leaf = f32(f32(1 / 3) * f32(0.3));
    assert.deepEqual([...tree!.splitConditions], [2.5, -leaf, leaf]);
    assert.deepEqual([...tree!.lossChanges], [...Float32Array.of(2 / 3, 0, 0)]);
    assert.deepEqual([...tree!.sumHessian], [4, 2, 2]);
    assert.deepEqual(
      [...predict(model, run.train).values],
      [...Float32Array.of(0.5 - leaf, 0.5 - leaf, 0.5 + leaf, 0.5 + leaf)],
    );
  });

  it('sends missing values the way that fits better', async () => {
    const columns = [Float32Array.of(1, 2, 3, 4, NaN, NaN)];
    const labels = Float32Array.of(0, 0, 1, 1, 1, 1);
    for (const tree_method of ['exact', 'hist']) {
      const { model } = await finish(
        aRun({ max_depth: '1', tree_method }, { train: { rowCount: 6, columns, labels }, numRound: 1 }),
      );
      assert.equal(model.trees[0]!.defaultLeft[0], 0, tree_method);
    }
  });

  it('reports every round, channel by channel', async () => {
    const { rounds } = await finish(aRun({ eval_metric: 'rmse,mae' }, { validation: aMatrix(2, 50) }));
    assert.deepEqual(
      rounds.map(
        ({ round, metrics }) => `${round}: ${metrics.map((one) => `${one.channel}-${one.metric}`).join(' ')}`,
      ),
      [0, 1, 2, 3, 4].map((round) => `${round}: train-rmse train-mae validation-rmse validation-mae`),
    );
  });

  it('predicts what the last round measured', async () => {
    const run = aRun({ objective: 'count:poisson', subsample: '0.5', tree_method: 'hist' });
    const shifted = { ...run.train, labels: run.train.labels.map((label) => Math.round(label + 2)) };
    const { model, rounds } = await finish({ ...run, train: shifted });
    const again = model.objective.defaultMetric;
    assert.equal(again, 'poisson-nloglik');
    const { values } = predict(model, shifted);
    let sum = 0;
    for (let row = 0; row < values.length; row++)
      sum += values[row]! - Math.log(values[row]!) * shifted.labels[row]!;
    const gammas = shifted.labels.reduce((total, label) => {
      let factorial = 1;
      for (let i = 2; i <= label; i++) factorial *= i;
      return total + Math.log(factorial);
    }, 0);
    assert.ok(Math.abs((sum + gammas) / values.length - rounds.at(-1)!.metrics[0]!.value) < 1e-6);
  });

  describe('with early stopping', () => {
    const stopping = { rounds: 3, metric: 'rmse', channel: 'validation', saveBest: true } as const;
    const noisy = () =>
      aRun(
        { eval_metric: 'rmse', eta: '1' },
        {
          train: aMatrix(1, 60, 8),
          validation: aMatrix(2, 60, 8),
          numRound: 50,
        },
      );

    it('stops some rounds after the best and keeps the trees up to it', async () => {
      const { model, rounds } = await finish({ ...noisy(), earlyStopping: stopping });
      const scores = rounds.map(
        ({ metrics }) => metrics.find(({ channel }) => channel === 'validation')!.value,
      );
      const best = scores.indexOf(Math.min(...scores));
      assert.equal(rounds.length, best + 1 + stopping.rounds);
      assert.equal(model.trees.length, best + 1);
      assert.deepEqual(model.attributes, {
        best_iteration: String(best),
        best_ntree_limit: String(best + 1),
      });
    });

    it('keeps all trees and the best score when told so', async () => {
      const { model, rounds } = await finish({ ...noisy(), earlyStopping: { ...stopping, saveBest: false } });
      assert.equal(model.trees.length, rounds.length);
      assert.equal(Number(model.attributes.best_iteration), rounds.length - 1 - stopping.rounds);
      assert.ok(Number(model.attributes.best_score) > 0);
    });

    it('looks for the greatest auc', async () => {
      const binary = (matrix: DataMatrix): DataMatrix => ({
        ...matrix,
        labels: matrix.labels.map((label) => (label > 1 ? 1 : 0)),
      });
      const { model, rounds } = await finish(
        aRun(
          { objective: 'binary:logistic', eval_metric: 'logloss,auc' },
          {
            train: binary(aMatrix(1, 100, 4)),
            validation: binary(aMatrix(2, 100, 4)),
            numRound: 40,
            earlyStopping: { rounds: 4, metric: 'auc', channel: 'validation', saveBest: true },
          },
        ),
      );
      const scores = rounds.map(({ metrics }) => metrics.at(-1)!.value);
      assert.equal(model.trees.length, scores.indexOf(Math.max(...scores)) + 1);
    });

    it('runs all rounds while the metric improves', async () => {
      const run = aRun({}, { validation: aMatrix(1, 200), earlyStopping: stopping });
      const { model, rounds } = await finish(run);
      assert.equal(rounds.length, run.numRound);
      assert.equal(model.trees.length, run.numRound);
    });
  });

  describe('when it is cancelled', () => {
    for (const tree_method of ['exact', 'hist']) {
      it(`ends in the middle of a round (${tree_method})`, async () => {
        let asked = 0;
        let cancelAfter = Infinity;
        const running = train(aRun({ tree_method }), { isCancelled: () => ++asked > cancelAfter });
        await running.next();
        const askedInOneRound = asked;
        asked = 0;
        cancelAfter = 3;
        await assert.rejects(running.next(), { name: 'AbortError' });
        assert.ok(askedInOneRound > 20, 'asks often within a round');
        assert.equal(asked, 4);
      });
    }

    it('ends between rounds when the signal fires meanwhile', async () => {
      const controller = new AbortController();
      const running = train(aRun({}, { numRound: 1000 }), { signal: controller.signal });
      await running.next();
      // Runs in the pause between two rounds.
      setImmediate(() => controller.abort());
      await assert.rejects(
        async () => {
          for (;;) if ((await running.next()).done === true) return;
        },
        { name: 'AbortError' },
      );
    });

    it('does not begin at all under a fired signal', async () => {
      await assert.rejects(train(aRun(), { signal: AbortSignal.abort() }).next(), { name: 'AbortError' });
    });
  });

  it('refuses labels, depths and files that XGBoost refuses, in its words', async () => {
    const refused: readonly (readonly [TrainingRun, RegExp])[] = [
      [aRun({ objective: 'binary:logistic' }), /label must be in \[0,1\] for logistic regression/],
      [aRun({ objective: 'multi:softmax', num_class: '2' }), /label must be in \[0, num_class\)/],
      [aRun({ objective: 'count:poisson' }), /label must be nonnegative/],
      [aRun({ tree_method: 'exact', max_depth: '0' }), /doesn't support unlimited depth/],
      [aRun({}, { train: { rowCount: 0, columns: [], labels: new Float32Array(0) } }), /Empty dataset/],
      [
        aRun(
          {},
          {
            train: { ...aMatrix(1, 20), columns: aMatrix(1, 20).columns.slice(1) },
            validation: aMatrix(1, 20),
          },
        ),
        /Number of columns does not match/,
      ],
    ];
    for (const [run, message] of refused) {
      await assert.rejects(train(run).next(), { name: 'XgboostError', message });
    }
  });

  it('grows without a limit of depth when max_depth is 0', async () => {
    const deep = await finish(aRun({ tree_method: 'hist', max_depth: '0', lambda: '0' }));
    const flat = await finish(aRun({ tree_method: 'hist', max_depth: '2' }));
    assert.ok(deep.model.trees[0]!.parents.length > 100);
    assert.ok(flat.model.trees[0]!.parents.length <= 7);
  });
});

describe('resolveTreeMethod', () => {
  it('takes auto as exact, and refuses it where XGBoost would approximate', () => {
    assert.equal(resolveTreeMethod('auto', 1000), 'exact');
    assert.equal(resolveTreeMethod('hist', 10_000_000), 'hist');
    assert.throws(() => resolveTreeMethod('auto', 4_194_304), { name: 'UnsupportedByLocalTrainer' });
  });
});
