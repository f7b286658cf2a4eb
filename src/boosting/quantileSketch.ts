import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';
import { f32 } from './float32.ts';
import { QuantileSummary } from './quantileSummary.ts';

/** XGBoost keeps this many summary entries for each bin asked for. */
const entriesPerBin = 8;

/**
 * Summarises a stream of values in bounded space, as XGBoost's `WQuantileSketch` does: a buffer of values, and levels
 * of pruned summaries that merge like the digits of a binary counter.
 */
export class QuantileSketch {
  /** Largest size of a level. */
  readonly #limit: number;
  /** Runs of equal values that the buffer takes before it is summarised. */
  readonly #maxRuns: number;
  readonly #buffer: Float32Array;
  #buffered = 0;
  #runs = 0;
  #lastValue = NaN;
  /** `levels[0]` is the buffer's place and stays unused. */
  readonly #levels: QuantileSummary[] = [];
  readonly #incoming: QuantileSummary;
  readonly #pruned: QuantileSummary;

  /** `valueCount` is how many values will come, at least one. */
  constructor(valueCount: number, maxBin: number) {
    this.#limit = levelSize(valueCount, maxBin);
    this.#maxRuns = this.#limit * 2;
    this.#buffer = new Float32Array(valueCount);
    this.#incoming = new QuantileSummary(this.#maxRuns);
    this.#pruned = new QuantileSummary(this.#limit);
  }

  push(value: number): void {
    // A run of equal values takes one place, so the order of rows has an influence on the levels, as in XGBoost.
    if (this.#runs === 0 || this.#lastValue !== value) {
      if (this.#runs === this.#maxRuns) this.#mergeBuffer();
      this.#runs++;
      this.#lastValue = value;
    }
    this.#buffer[this.#buffered++] = value;
  }

  /** The summary of everything pushed. */
  finish(): QuantileSummary {
    const all = new QuantileSummary(this.#maxRuns);
    this.#summariseBuffer(all);
    const limit = this.#limit;
    const pruned = this.#pruned;
    if (this.#levels.length === 0 && all.size <= limit) return all;
    pruned.setPruned(all, limit);
    for (const level of this.#levels) {
      if (level.size === 0) continue;
      if (pruned.size === 0) {
        pruned.copyFrom(level);
      } else {
        all.setCombined(pruned, level);
        pruned.setPruned(all, limit);
      }
    }
    return pruned;
  }

  #mergeBuffer(): void {
    const incoming = this.#incoming;
    this.#summariseBuffer(incoming);
    if (this.#levels.length === 0) this.#levels.push(new QuantileSummary(0));
    for (let at = 1; ; at++) {
      const level = (this.#levels[at] ??= new QuantileSummary(this.#limit));
      if (level.size === 0) {
        level.setPruned(incoming, this.#limit);
        return;
      }
      this.#pruned.setPruned(incoming, this.#limit);
      incoming.setCombined(this.#pruned, level);
      if (incoming.size <= this.#limit) {
        level.copyFrom(incoming);
        return;
      }
      level.size = 0;
    }
  }

  #summariseBuffer(target: QuantileSummary): void {
    target.setSorted(this.#buffer.subarray(0, this.#buffered).sort());
    this.#buffered = 0;
    this.#runs = 0;
  }
}

/** Entries a level needs so that the error stays under 1 / (8 × bins) for so many values. */
function levelSize(valueCount: number, maxBin: number): number {
  const bins = Math.max(1, Math.min(maxBin, valueCount));
  const error = 1 / f32(bins * entriesPerBin);
  for (let levels = 1; ; levels++) {
    const limit = Math.min(valueCount, Math.ceil(levels / error) + 1);
    if (2 ** levels * limit >= valueCount) return limit;
  }
}

/** Where the values of a feature are cut into bins. */
export interface FeatureCuts {
  /** Upper bounds (exclusive), ascending, one a bin; the last is above every value. */
  readonly cuts: Float32Array;
  /** Below every value: the threshold that sends all of them right. */
  readonly minimum: number;
  readonly hasMissing: boolean;
}

const cutMargin = f32(1e-5);

/** Cuts a feature into at most `maxBin` bins of about equally many rows, with the bounds XGBoost 1.7 chooses. */
export function cutFeature(
  column: Float32Array,
  maxBin: number,
  check: CancellationCheck = () => undefined,
): FeatureCuts {
  check();
  let present = 0;
  for (let row = 0; row < column.length; row++) {
    if (!Number.isNaN(column[row]!)) present++;
  }
  if (present === 0) {
    return {
      cuts: Float32Array.of(f32(cutMargin + f32(cutMargin + cutMargin))),
      minimum: cutMargin,
      hasMissing: column.length > 0,
    };
  }
  const sketch = new QuantileSketch(present, maxBin);
  for (let begin = 0; begin < column.length; begin += rowsPerCheck) {
    check();
    const end = Math.min(column.length, begin + rowsPerCheck);
    for (let row = begin; row < end; row++) {
      const value = column[row]!;
      if (!Number.isNaN(value)) sketch.push(value);
    }
  }
  const { cuts, minimum } = cutsOf(sketch.finish(), present, maxBin);
  return { cuts, minimum, hasMissing: present < column.length };
}

function cutsOf(
  summary: QuantileSummary,
  present: number,
  maxBin: number,
): { cuts: Float32Array; minimum: number } {
  // XGBoost prunes twice, first to what its workers would send each other.
  const sentCount = Math.min(present, maxBin * entriesPerBin);
  const sent = new QuantileSummary(Math.max(sentCount, summary.size));
  sent.setPruned(summary, sentCount);
  const binCount = Math.min(sentCount, maxBin);
  const bounds = new QuantileSummary(Math.max(binCount + 1, sent.size));
  bounds.setPruned(sent, binCount + 1);

  const { value, size } = bounds;
  const cuts: number[] = [];
  for (let at = 1; at < Math.min(size, binCount); at++) {
    if (at === 1 || value[at]! > cuts[cuts.length - 1]!) cuts.push(value[at]!);
  }
  // The absolute value and the sum are in double here, and only their sum with the value is rounded.
  const largest = value[size - 1]!;
  cuts.push(f32(largest + (Math.abs(largest) + cutMargin)));
  const smallest = value[0]!;
  return { cuts: Float32Array.from(cuts), minimum: f32(smallest - Math.abs(smallest) - cutMargin) };
}
