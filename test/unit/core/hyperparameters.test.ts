import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { generateHyperparameters } from '../../../scripts/generateHyperparameters.ts';
import { hyperparameters } from '../../../src/core/hyperparameters.generated.ts';
import { findHyperparameter, imageHas, isInRange, valuesIn } from '../../../src/core/hyperparameters.ts';

describe('the table of hyperparameters', () => {
  it('is what its script makes of its data', async () => {
    for (const [name, text] of Object.entries(await generateHyperparameters())) {
      const file = new URL(`../../../src/core/${name}`, import.meta.url);
      assert.equal(
        readFileSync(file, 'utf8'),
        text,
        `${name}: run npx tsx scripts/generateHyperparameters.ts`,
      );
    }
  });

  it('has all hyperparameters of the container, each once', () => {
    assert.equal(hyperparameters.length, 53);
    assert.equal(new Set(hyperparameters.map(({ name }) => name)).size, 53);
  });

  it('explains each in 90 characters at most', () => {
    for (const { name, help } of hyperparameters) {
      assert.ok(help.length > 10 && help.length <= 90, `${name}: ${help}`);
      assert.match(help, /\.$/, name);
    }
  });

  it('has words for those that most users need', () => {
    const basic = hyperparameters.filter(({ level }) => level === 'basic');
    assert.equal(
      basic.map(({ name, label }) => `${name}: ${label}`).join('\n'),
      `num_round: Rounds
early_stopping_rounds: Early stopping
booster: Booster
eta: Learning rate
gamma: Minimum split loss
max_depth: Depth
min_child_weight: Minimum child weight
subsample: Row sample
colsample_bytree: Column sample
lambda: L2 penalty
alpha: L1 penalty
tree_method: Tree method
scale_pos_weight: Positive weight
objective: Objective
num_class: Classes
eval_metric: Metrics`,
    );
  });
});

describe('findHyperparameter', () => {
  it('finds by name and by alias', () => {
    assert.equal(findHyperparameter('eta')?.label, 'Learning rate');
    assert.equal(findHyperparameter('learning_rate')?.name, 'eta');
    assert.equal(findHyperparameter('n_estimators'), undefined);
  });
});

describe('imageHas and valuesIn', () => {
  it('compare versions by their order, and take an unknown one for the newest', () => {
    assert.equal(imageHas('1.2-1', '1.3-1'), false);
    assert.equal(imageHas('1.3-1', '1.3-1'), true);
    assert.equal(imageHas('3.0-5', '1.3-1'), true);
    assert.equal(imageHas('latest', '1.3-1'), true);
  });

  it('leave out values that came later', () => {
    const objective = findHyperparameter('objective');
    assert.ok(objective);
    assert.equal(valuesIn('1.5-1', objective).includes('reg:absoluteerror'), false);
    assert.equal(valuesIn('1.7-1', objective).includes('reg:absoluteerror'), true);
  });
});

describe('isInRange', () => {
  it('knows open and closed ends', () => {
    const range = { min: 0, minExclusive: true, max: 1, maxExclusive: false, text: '(0, 1]' };
    assert.deepEqual(
      [0, 0.1, 1, 1.1].map((value) => isInRange(value, range)),
      [false, true, true, false],
    );
  });
});
