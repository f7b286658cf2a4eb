import assert from 'node:assert/strict';
import { predict } from '../../../src/boosting/model.ts';
import { formatFloat } from '../../../src/boosting/objectives.ts';
import { f32 } from '../../../src/boosting/float32.ts';
import { formatFloat32, fromXgboostJson, toXgboostJson } from '../../../src/boosting/xgboostJson.ts';
import { goldenRuns, readGoldenRun, readPart } from './goldenRun.ts';

/** A model file of XGBoost with something changed in it. */
function changed(change: (learner: Record<string, Record<string, unknown>>) => void): string {
  const model = JSON.parse(JSON.stringify(readGoldenRun('boston-exact').model)) as {
    learner: Record<string, Record<string, unknown>>;
  };
  change(model.learner);
  return JSON.stringify(model);
}

const firstTree = (learner: Record<string, Record<string, unknown>>): Record<string, unknown[]> =>
  (learner.gradient_booster!.model as { trees: Record<string, unknown[]>[] }).trees[0]!;

describe('fromXgboostJson', () => {
  for (const name of goldenRuns) {
    it(`predicts with XGBoost's own file: ${name}`, () => {
      const golden = readGoldenRun(name);
      const { values } = predict(fromXgboostJson(JSON.stringify(golden.model)), readPart(golden, 'test'));
      assert.deepEqual(
        Array.from(values, (value) => Number(value.toFixed(9))),
        golden.test_predictions.flat(),
      );
    });
  }

  it('keeps everything that the file says', () => {
    const { model } = readGoldenRun('boston-tutorial-rmse');
    assert.deepEqual(JSON.parse(toXgboostJson(fromXgboostJson(JSON.stringify(model)))), model);
  });

  it('refuses models it cannot predict with', () => {
    const dart = changed((learner) => (learner.gradient_booster!.name = 'dart'));
    assert.throws(() => fromXgboostJson(dart), { name: 'UnsupportedByLocalTrainer' });
    const ranking = changed((learner) => (learner.objective!.name = 'rank:pairwise'));
    assert.throws(() => fromXgboostJson(ranking), { name: 'UnsupportedByLocalTrainer' });
    const categorical = changed((learner) => (firstTree(learner).split_type![0] = 1));
    assert.throws(() => fromXgboostJson(categorical), { name: 'UnsupportedByLocalTrainer' });
  });

  it('refuses files that contradict themselves', () => {
    const broken = [
      changed((learner) => (firstTree(learner).left_children![0] = 0)),
      changed((learner) => (firstTree(learner).left_children![1] = 100_000)),
      changed((learner) => (firstTree(learner).split_indices![0] = 13)),
      changed((learner) => firstTree(learner).parents!.pop()),
      '{"learner":{}}',
      '[]',
    ];
    for (const text of broken) assert.throws(() => fromXgboostJson(text), { name: 'InvalidModel' });
  });
});

describe('formatFloat32', () => {
  it("writes XGBoost's shortest notation", () => {
    const known = {
      '5E-1': 0.5,
      '0E0': 0,
      '-0E0': -0,
      '1E0': 1,
      '-1.25E2': -125,
      '1E-1': f32(0.1),
      '1.6777216E7': 2 ** 24,
    };
    for (const [text, value] of Object.entries(known)) assert.equal(formatFloat32(value), text);
  });
});

describe('formatFloat', () => {
  it('writes nine digits, as C++ streams do', () => {
    assert.equal(formatFloat(1), '1');
    assert.equal(formatFloat(f32(0.7)), '0.699999988');
    assert.equal(formatFloat(f32(1e-5)), '9.99999975e-06');
    assert.equal(formatFloat(1e10), '1e+10');
  });
});
