import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partSizes } from '../../../src/core/split.ts';

const sizes = (rows: number, train: number, validation: number, test: number): number[] => {
  const size = partSizes(rows, { trainPercent: train, validationPercent: validation, testPercent: test });
  return [size.train, size.validation, size.test];
};

describe('partSizes', () => {
  it('shares 506 rows by 70, 15 and 15 per cent', () => {
    assert.deepEqual(sizes(506, 70, 15, 15), [354, 76, 76]);
  });

  it('gives a row that is left to the largest remainder, and first to train', () => {
    assert.deepEqual(sizes(3, 70, 15, 15), [2, 1, 0]);
    assert.deepEqual(sizes(5, 50, 50, 0), [3, 2, 0]);
    assert.deepEqual(sizes(1, 80, 20, 0), [1, 0, 0]);
    assert.deepEqual(sizes(0, 70, 15, 15), [0, 0, 0]);
  });

  it('adds up, leaves parts of 0 % empty, and is never off by a whole row', () => {
    const shares = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), shares, (rows, [first, second]) => {
        const percents = [
          first,
          Math.min(second, 100 - first),
          100 - first - Math.min(second, 100 - first),
        ] as const;
        const parts = sizes(rows, ...percents);
        assert.equal(parts[0]! + parts[1]! + parts[2]!, rows);
        parts.forEach((size, part) => {
          if (percents[part] === 0) assert.equal(size, 0);
          assert.ok(Math.abs(size - (rows * percents[part]!) / 100) < 1);
        });
      }),
      { seed: 20261122 },
    );
  });
});
