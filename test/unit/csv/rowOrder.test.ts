import assert from 'node:assert/strict';
import { shuffleKey } from '../../../src/csv/rowOrder.ts';

const keys = (seed: number, rows: number): number[] =>
  Array.from({ length: rows }, (_, row) => shuffleKey(seed, row));

describe('shuffleKey', () => {
  it('gives the keys that the same arithmetic gives in Python', () => {
    // mix = lambda v: MurmurHash3's fmix32; key = mix(mix(seed) + (row + 1) * 0x9e3779b9)
    assert.deepEqual(keys(0, 3), [2462723854, 1020716019, 454327756]);
    assert.deepEqual(keys(42, 3), [310834301, 4213354605, 2761216331]);
    assert.deepEqual(keys(4294967295, 3), [3689333187, 1146870401, 247175239]);
  });

  it('gives no key twice', () => {
    assert.equal(new Set(keys(42, 200_000)).size, 200_000);
  });

  it('puts each row at each place about equally often', () => {
    const places = Array.from({ length: 5 }, () => new Array<number>(5).fill(0));
    const seeds = 5000;
    for (let seed = 0; seed < seeds; seed++) {
      const order = keys(seed, 5).map((key, row) => ({ key, row }));
      order.sort((a, b) => a.key - b.key);
      order.forEach(({ row }, place) => places[row]![place]!++);
    }
    // 1000 expected; five standard deviations of a binomial are 5 × sqrt(5000 × 0.2 × 0.8) = 141.
    for (const count of places.flat()) assert.ok(Math.abs(count - 1000) < 141, `${count} times`);
  });
});
