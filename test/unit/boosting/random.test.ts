import assert from 'node:assert/strict';
import { MersenneTwister } from '../../../src/boosting/mersenneTwister.ts';
import { parseParameters } from '../../../src/boosting/parameters.ts';
import { drawRowsLinearCongruential, Sampler } from '../../../src/boosting/sampling.ts';

describe('MersenneTwister', () => {
  it('gives the number that the C++ standard demands of mt19937 after 9,999 others', () => {
    const generator = new MersenneTwister(5489);
    for (let i = 1; i < 10_000; i++) generator.next();
    assert.equal(generator.next(), 4123659995);
  });

  it('draws whole numbers below a bound, all of them', () => {
    const generator = new MersenneTwister(1);
    const seen = new Set(Array.from({ length: 200 }, () => generator.nextBelow(6)));
    assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5]);
  });

  it('draws units in [0, 1)', () => {
    const generator = new MersenneTwister(1);
    const units = Array.from({ length: 1000 }, () => generator.nextUnit());
    assert.ok(units.every((unit) => unit >= 0 && unit < 1));
    // The mean of 1,000 uniform numbers has a standard deviation of 0.009.
    const mean = units.reduce((sum, unit) => sum + unit) / units.length;
    assert.ok(Math.abs(mean - 0.5) < 0.05);
  });

  for (const count of [0, 1, 2, 7, 8, 70_000]) {
    it(`shuffles ${count} items without losing any`, () => {
      const items = Array.from({ length: count }, (_, i) => i);
      new MersenneTwister(3).shuffle(items);
      assert.deepEqual(
        [...items].sort((a, b) => a - b),
        Array.from({ length: count }, (_, i) => i),
      );
    });
  }

  it('shuffles like std::shuffle of GCC 12', () => {
    const shuffled = (count: number) => {
      const items = Array.from({ length: count }, (_, i) => i);
      new MersenneTwister(3).shuffle(items);
      return items;
    };
    // Printed by a C++ program with std::mt19937 g(3); odd, even, and too many to draw two places at once.
    assert.deepEqual(shuffled(7), [3, 6, 0, 2, 5, 1, 4]);
    assert.deepEqual(shuffled(8), [3, 1, 0, 5, 2, 6, 4, 7]);
    assert.deepEqual(shuffled(70_000).slice(0, 4), [27548, 48776, 47402, 59265]);
  });

  it('draws units like std::generate_canonical of GCC 12', () => {
    const generator = new MersenneTwister(3);
    const units = [generator.nextUnit(), generator.nextUnit(), generator.nextUnit()];
    assert.deepEqual(units, [0.07072488045105661, 0.8399490424683662, 0.12132857932963054]);
  });
});

describe('drawRowsLinearCongruential', () => {
  it('follows x → 16807 x mod 2^63', () => {
    const seed = 123456789n;
    let state = seed;
    const expected = Array.from({ length: 500 }, () => {
      state = (state * 16807n) % 2n ** 63n;
      return state < 2n ** 63n / 4n ? 1 : 0;
    });
    const mask = new Uint8Array(500);
    drawRowsLinearCongruential(Number(seed), 0.25, mask);
    assert.deepEqual([...mask], expected);
  });
});

describe('Sampler', () => {
  const sampler = (hyperparameters: Record<string, string>, method: 'exact' | 'hist' = 'hist') =>
    new Sampler(parseParameters(hyperparameters), method, 1000, 10);

  it('takes all rows and columns by default', () => {
    const all = sampler({});
    assert.equal(all.nextTree(), undefined);
    assert.deepEqual(all.treeFeatures, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal(all.featuresAt(3), all.treeFeatures);
  });

  for (const method of ['exact', 'hist'] as const) {
    it(`draws about the share of rows asked for, others for each tree (${method})`, () => {
      const some = sampler({ subsample: '0.3' }, method);
      const first = [...some.nextTree()!];
      const second = [...some.nextTree()!];
      const count = first.filter((seen) => seen === 1).length;
      // Binomial: 300 expected, standard deviation 14.
      assert.ok(count > 230 && count < 370, String(count));
      assert.notDeepEqual(first, second);
    });
  }

  it('rounds the number of columns down, but takes one at least', () => {
    const some = sampler({ colsample_bytree: '0.39', colsample_bylevel: '0.1' });
    some.nextTree();
    assert.equal(some.treeFeatures.length, 3);
    assert.equal(some.featuresAt(0).length, 1);
    assert.ok(some.featuresAt(0).every((feature) => some.treeFeatures.includes(feature)));
  });

  it('keeps the columns of a level for all its nodes', () => {
    const some = sampler({ colsample_bylevel: '0.5' });
    some.nextTree();
    assert.equal(some.featuresAt(1), some.featuresAt(1));
  });

  it('repeats itself for the same seed only', () => {
    const columns = (seed: string) => {
      const some = sampler({ seed, colsample_bytree: '0.5' });
      some.nextTree();
      return some.treeFeatures;
    };
    assert.deepEqual(columns('7'), columns('7'));
    assert.notDeepEqual(columns('7'), columns('8'));
  });
});
