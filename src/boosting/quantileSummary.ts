import { f32 } from './float32.ts';

/**
 * A sorted list of values with bounds on their ranks, as in XGBoost's `WQSummary` (src/common/quantile.h): the summary
 * of the weighted quantile sketch (Chen and Guestrin 2016, appendix). Ranks are float32, as there: with many rows
 * they are not exact, and the cuts depend on how they round. Weights are row counts here.
 */
export class QuantileSummary {
  /** Sum of the weights that are certainly below each value. */
  readonly rankMin: Float32Array;
  /** Sum of the weights that are possibly below or at each value. */
  readonly rankMax: Float32Array;
  /** Weight at each value itself. */
  readonly weight: Float32Array;
  readonly value: Float32Array;
  size = 0;

  constructor(capacity: number) {
    this.rankMin = new Float32Array(capacity);
    this.rankMax = new Float32Array(capacity);
    this.weight = new Float32Array(capacity);
    this.value = new Float32Array(capacity);
  }

  append(rankMin: number, rankMax: number, weight: number, value: number): void {
    const at = this.size++;
    this.rankMin[at] = rankMin;
    this.rankMax[at] = rankMax;
    this.weight[at] = weight;
    this.value[at] = value;
  }

  copyFrom(other: QuantileSummary): void {
    this.rankMin.set(other.rankMin.subarray(0, other.size));
    this.rankMax.set(other.rankMax.subarray(0, other.size));
    this.weight.set(other.weight.subarray(0, other.size));
    this.value.set(other.value.subarray(0, other.size));
    this.size = other.size;
  }

  /** Replaces the content by the exact summary of values in ascending order. */
  setSorted(sorted: Float32Array): void {
    this.size = 0;
    let below = 0;
    for (let begin = 0; begin < sorted.length;) {
      let end = begin + 1;
      while (end < sorted.length && sorted[end] === sorted[begin]) end++;
      const count = end - begin;
      this.append(below, below + count, count, sorted[begin]!);
      below = f32(below + count);
      begin = end;
    }
  }

  /** Replaces the content by at most `limit` entries of another summary, at evenly spaced ranks. */
  setPruned(source: QuantileSummary, limit: number): void {
    if (source.size <= limit) {
      this.copyFrom(source);
      return;
    }
    const lastOfSource = source.size - 1;
    const begin = source.rankMax[0]!;
    const range = f32(source.rankMin[lastOfSource]! - begin);
    const steps = limit - 1;
    this.size = 0;
    this.#appendFrom(source, 0);
    let at = 1;
    let taken = 0;
    for (let step = 1; step < steps; step++) {
      const twiceRank = f32(2 * f32(f32(f32(step * range) / steps) + begin));
      while (at < lastOfSource && twiceRank >= f32(source.rankMax[at + 1]! + source.rankMin[at + 1]!)) at++;
      if (at === lastOfSource) break;
      // Which of two neighbours is nearer to the wanted rank.
      const between = f32(
        f32(source.rankMin[at]! + source.weight[at]!) + f32(source.rankMax[at + 1]! - source.weight[at + 1]!),
      );
      const nearer = twiceRank < between ? at : at + 1;
      if (nearer !== taken) {
        this.#appendFrom(source, nearer);
        taken = nearer;
      }
    }
    if (taken !== lastOfSource) this.#appendFrom(source, lastOfSource);
  }

  /** Replaces the content by the union of two summaries; needs room for both. */
  setCombined(a: QuantileSummary, b: QuantileSummary): void {
    if (a.size === 0) return this.copyFrom(b);
    if (b.size === 0) return this.copyFrom(a);
    this.size = 0;
    let i = 0;
    let j = 0;
    // Rank just above the last value taken from each side: a lower bound for the next value of the other side.
    let belowA = 0;
    let belowB = 0;
    while (i < a.size && j < b.size) {
      if (a.value[i] === b.value[j]) {
        this.append(
          a.rankMin[i]! + b.rankMin[j]!,
          a.rankMax[i]! + b.rankMax[j]!,
          a.weight[i]! + b.weight[j]!,
          a.value[i]!,
        );
        belowA = f32(a.rankMin[i]! + a.weight[i]!);
        belowB = f32(b.rankMin[j]! + b.weight[j]!);
        i++;
        j++;
      } else if (a.value[i]! < b.value[j]!) {
        this.#appendBetween(a, i, belowB, f32(b.rankMax[j]! - b.weight[j]!));
        belowA = f32(a.rankMin[i]! + a.weight[i]!);
        i++;
      } else {
        this.#appendBetween(b, j, belowA, f32(a.rankMax[i]! - a.weight[i]!));
        belowB = f32(b.rankMin[j]! + b.weight[j]!);
        j++;
      }
    }
    const allOfA = a.rankMax[a.size - 1]!;
    const allOfB = b.rankMax[b.size - 1]!;
    for (; i < a.size; i++) this.#appendBetween(a, i, belowB, allOfB);
    for (; j < b.size; j++) this.#appendBetween(b, j, belowA, allOfA);
    this.#repairOrder();
  }

  #appendFrom(source: QuantileSummary, at: number): void {
    this.append(source.rankMin[at]!, source.rankMax[at]!, source.weight[at]!, source.value[at]!);
  }

  /** Appends an entry whose value lies between two values of the other summary, given its bounds there. */
  #appendBetween(source: QuantileSummary, at: number, otherMin: number, otherMax: number): void {
    this.append(
      source.rankMin[at]! + otherMin,
      source.rankMax[at]! + otherMax,
      source.weight[at]!,
      source.value[at]!,
    );
  }

  /** Rounded ranks may run backwards by an ulp; lifts them where they do. */
  #repairOrder(): void {
    let highestMin = 0;
    let highestMax = 0;
    for (let at = 0; at < this.size; at++) {
      if (this.rankMin[at]! < highestMin) this.rankMin[at] = highestMin;
      else highestMin = this.rankMin[at]!;
      if (this.rankMax[at]! < highestMax) this.rankMax[at] = highestMax;
      const next = f32(this.rankMin[at]! + this.weight[at]!);
      if (this.rankMax[at]! < next) this.rankMax[at] = next;
      highestMax = this.rankMax[at]!;
    }
  }
}
