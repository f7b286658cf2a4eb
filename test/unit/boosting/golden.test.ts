import assert from 'node:assert/strict';
import { predict } from '../../../src/boosting/model.ts';
import type { Model } from '../../../src/boosting/model.ts';
import { parseParameters } from '../../../src/boosting/parameters.ts';
import type { Round } from '../../../src/boosting/round.ts';
import { train } from '../../../src/boosting/train.ts';
import { fromXgboostJson, toXgboostJson } from '../../../src/boosting/xgboostJson.ts';
import {
  type GoldenModel,
  type GoldenRun,
  goldenRuns,
  type GoldenTree,
  readGoldenRun,
  readPart,
} from './goldenRun.ts';

/** Runs what a golden file records, with early stopping as the container turns it on. */
async function rerun(golden: GoldenRun): Promise<{ model: Model; rounds: Round[] }> {
  const { hyperparameters } = golden;
  const { early_stopping_rounds: rounds, eval_metric: metric } = hyperparameters;
  const running = train({
    train: readPart(golden, 'train'),
    validation: readPart(golden, 'validation'),
    parameters: parseParameters(hyperparameters),
    numRound: Number(hyperparameters.num_round),
    earlyStopping:
      rounds === undefined || metric === undefined
        ? undefined
        : {
            rounds: Number(rounds),
            metric: metric.split(',').at(-1)!,
            channel: 'validation',
            saveBest: true,
          },
  });
  const seen: Round[] = [];
  for (;;) {
    const next = await running.next();
    if (next.done === true) return { model: next.value, rounds: seen };
    seen.push(next.value);
  }
}

/** Floats as their nearest float32, so that equality means equal bits. */
function asFloat32(tree: GoldenTree): object {
  const bits = (values: readonly number[]): number[] => [
    ...new Uint32Array(Float32Array.from(values).buffer),
  ];
  return {
    parents: tree.parents,
    leftChildren: tree.left_children,
    rightChildren: tree.right_children,
    splitIndices: tree.split_indices,
    defaultLeft: tree.default_left,
    splitConditions: bits(tree.split_conditions),
    baseWeights: bits(tree.base_weights),
    lossChanges: bits(tree.loss_changes),
    sumHessian: bits(tree.sum_hessian),
    parameters: tree.tree_param,
  };
}

describe('the trainer against XGBoost 1.7.4', () => {
  for (const name of goldenRuns) {
    describe(name, () => {
      const golden = readGoldenRun(name);
      let model: Model;
      let rounds: Round[];
      let written: GoldenModel;

      before(async () => {
        ({ model, rounds } = await rerun(golden));
        written = JSON.parse(toXgboostJson(model)) as GoldenModel;
      });

      it('grows the same trees, bit for bit', () => {
        const ours = written.learner.gradient_booster.model;
        const theirs = golden.model.learner.gradient_booster.model;
        assert.deepEqual(ours.tree_info, theirs.tree_info);
        assert.equal(ours.trees.length, theirs.trees.length);
        theirs.trees.forEach((tree, i) => {
          assert.deepEqual(asFloat32(ours.trees[i]!), asFloat32(tree), `tree ${i}`);
        });
      });

      it('prints the same metrics in every round', () => {
        const ours = rounds.map(({ metrics }) =>
          metrics.map(({ channel, metric, value }) => `${channel}-${metric}:${value.toFixed(5)}`).join('\t'),
        );
        const theirs = Array.from({ length: golden.rounds_run }, (_, round) =>
          (['train', 'validation'] as const)
            .flatMap((channel) =>
              Object.entries(golden.metrics[channel]).map(
                ([metric, values]) => `${channel}-${metric}:${values[round]!.toFixed(5)}`,
              ),
            )
            .join('\t'),
        );
        assert.deepEqual(ours, theirs);
      });

      it('saves the same model around the trees', () => {
        const withoutTrees = (saved: GoldenModel): unknown => ({
          ...saved,
          learner: {
            ...saved.learner,
            gradient_booster: {
              ...saved.learner.gradient_booster,
              model: {
                ...saved.learner.gradient_booster.model,
                trees: saved.learner.gradient_booster.model.trees.length,
              },
            },
          },
        });
        assert.deepEqual(withoutTrees(written), withoutTrees(golden.model));
      });

      it('predicts the same for rows it has not seen', () => {
        const { values, columns } = predict(model, readPart(golden, 'test'));
        // Nine decimals are what the golden file holds.
        const ours = Array.from(values, (value) => Number(value.toFixed(9)));
        assert.deepEqual(ours, golden.test_predictions.flat());
        assert.equal(
          columns,
          Array.isArray(golden.test_predictions[0]) ? golden.test_predictions[0].length : 1,
        );
      });

      it('predicts the same after its model was written and read', () => {
        const test = readPart(golden, 'test');
        assert.deepEqual(predict(fromXgboostJson(toXgboostJson(model)), test), predict(model, test));
      });
    });
  }
});
