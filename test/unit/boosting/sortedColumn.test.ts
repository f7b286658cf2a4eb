import assert from 'node:assert/strict';
import { abortError } from '../../../src/core/cancellation.ts';
import { MersenneTwister } from '../../../src/boosting/mersenneTwister.ts';
import { sortColumn } from '../../../src/boosting/sortedColumn.ts';

describe('sortColumn', () => {
  it('orders values of both signs and leaves missing ones out', () => {
    const { values, rows } = sortColumn(Float32Array.of(3, -1, NaN, 0.5, -Infinity, Infinity));
    assert.deepEqual([...values], [-Infinity, -1, 0.5, 3, Infinity]);
    assert.deepEqual([...rows], [4, 1, 3, 0, 5]);
  });

  it('keeps equal values in row order, both zeros included', () => {
    assert.deepEqual([...sortColumn(Float32Array.of(0, 1, -0, 0, 1)).rows], [0, 2, 3, 1, 4]);
  });

  it('agrees with a stable comparison sort', () => {
    const generator = new MersenneTwister(9);
    const column = Float32Array.from(
      { length: 3000 },
      () => Math.round(generator.nextUnit() * 500 - 250) / 7,
    );
    const expected = Array.from(column, (_, row) => row).sort((a, b) => column[a]! - column[b]! || a - b);
    assert.deepEqual([...sortColumn(column).rows], expected);
  });

  it('ends when it is cancelled', () => {
    const cancelled = () => {
      throw abortError();
    };
    assert.throws(() => sortColumn(Float32Array.of(2, 1), cancelled), { name: 'AbortError' });
  });
});
