import assert from 'node:assert/strict';
import { f32 } from '../../../src/boosting/float32.ts';
import { MersenneTwister } from '../../../src/boosting/mersenneTwister.ts';
import { cutFeature } from '../../../src/boosting/quantileSketch.ts';
import { QuantileSummary } from '../../../src/boosting/quantileSummary.ts';

function summaryOf(values: number[]): QuantileSummary {
  const summary = new QuantileSummary(64);
  summary.setSorted(Float32Array.from(values));
  return summary;
}

const entries = (summary: QuantileSummary): string[] =>
  Array.from(
    { length: summary.size },
    (_, i) => `${summary.value[i]}: ${summary.rankMin[i]}-${summary.rankMax[i]} w${summary.weight[i]}`,
  );

describe('QuantileSummary', () => {
  it('counts equal values once, with their ranks', () => {
    assert.deepEqual(entries(summaryOf([1, 2, 2, 5])), ['1: 0-1 w1', '2: 1-3 w2', '5: 3-4 w1']);
  });

  it('combines two exact summaries into an exact one', () => {
    const combined = new QuantileSummary(64);
    combined.setCombined(summaryOf([1, 3, 3]), summaryOf([2, 3, 9]));
    assert.deepEqual(entries(combined), ['1: 0-1 w1', '2: 1-2 w1', '3: 2-5 w3', '9: 5-6 w1']);
  });

  it('combines with nothing into a copy', () => {
    const combined = new QuantileSummary(64);
    combined.setCombined(new QuantileSummary(0), summaryOf([4]));
    assert.deepEqual(entries(combined), ['4: 0-1 w1']);
  });

  it('prunes to evenly spaced ranks and keeps both ends', () => {
    const pruned = new QuantileSummary(3);
    pruned.setPruned(summaryOf([1, 2, 3, 4, 5, 6, 7, 8, 9]), 3);
    assert.deepEqual([...pruned.value.subarray(0, pruned.size)], [1, 5, 9]);
  });
});

describe('cutFeature', () => {
  it('gives every value a bin of its own when there are few, and bounds the last and the first', () => {
    const { cuts, minimum, hasMissing } = cutFeature(Float32Array.of(3, 1, 2, 2), 256);
    // The last cut is 3 + (3 + 1e-5), the minimum 1 - 1 - 1e-5.
    assert.deepEqual([...cuts], [2, 3, f32(6 + 1e-5)]);
    assert.equal(minimum, f32(-1e-5));
    assert.equal(hasMissing, false);
  });

  it('leaves missing values out', () => {
    const { cuts, hasMissing } = cutFeature(Float32Array.of(NaN, 1, NaN, 2), 256);
    assert.deepEqual([...cuts], [2, f32(4 + 1e-5)]);
    assert.equal(hasMissing, true);
  });

  it('gives a column without values one bin', () => {
    const { cuts, hasMissing } = cutFeature(Float32Array.of(NaN, NaN), 256);
    assert.equal(cuts.length, 1);
    assert.equal(hasMissing, true);
  });

  it('fills bins about equally when there are many values', () => {
    const generator = new MersenneTwister(5);
    const column = Float32Array.from({ length: 60_000 }, () => generator.nextUnit() ** 3);
    const { cuts } = cutFeature(column, 32);
    assert.ok(cuts.length > 28 && cuts.length <= 32, String(cuts.length));
    const counts = new Array<number>(cuts.length).fill(0);
    for (const value of column) counts[cuts.findIndex((cut) => value < cut)]!++;
    const expected = column.length / cuts.length;
    // The sketch promises ranks within 1 / (8 × 32) of all rows: an eighth of a bin at each edge.
    for (const count of counts.slice(0, -1))
      assert.ok(Math.abs(count - expected) < expected * 0.5, String(counts));
  });
});
