import type { BinColumn, BinnedMatrix } from './binnedMatrix.ts';
import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';
import type { Gradients } from './objectives.ts';

/** Sums of gradients and hessians by slot: gradient at `2 * slot`, hessian beside it. Float64, as in XGBoost. */
export type Histogram = Float64Array;

/** Fills histograms and keeps their memory for the next node. */
export class HistogramBuilder {
  readonly #matrix: BinnedMatrix;
  readonly #check: CancellationCheck;
  readonly #free: Histogram[] = [];
  /** Gradients of a block in the order of its rows, so that each feature reads them in sequence. */
  readonly #gradient: Float32Array;
  readonly #hessian: Float32Array;

  constructor(matrix: BinnedMatrix, check: CancellationCheck) {
    this.#matrix = matrix;
    this.#check = check;
    const blockSize = Math.min(matrix.rowCount, rowsPerCheck);
    this.#gradient = new Float32Array(blockSize);
    this.#hessian = new Float32Array(blockSize);
  }

  /** The histogram of rows `rows[begin..end)` over the given features; the slots of other features stay zero. */
  build(
    gradients: Gradients,
    rows: Int32Array,
    begin: number,
    end: number,
    features: readonly number[],
  ): Histogram {
    const histogram = this.#take();
    const { bins, slotBegin } = this.#matrix;
    // Every slot sums its rows in row order, whichever way blocks and features nest.
    for (let blockBegin = begin; blockBegin < end; blockBegin += rowsPerCheck) {
      const blockEnd = Math.min(end, blockBegin + rowsPerCheck);
      gather(gradients, rows, blockBegin, blockEnd, this.#gradient, this.#hessian);
      for (const feature of features) {
        this.#check();
        addRows(
          histogram,
          slotBegin[feature]!,
          bins[feature]!,
          rows,
          this.#gradient,
          this.#hessian,
          blockBegin,
          blockEnd,
        );
      }
    }
    return histogram;
  }

  /** Turns a node's histogram into that of one child by taking away the other's, in place. */
  subtract(parent: Histogram, child: Histogram): Histogram {
    for (let i = 0; i < parent.length; i++) parent[i]! -= child[i]!;
    return parent;
  }

  release(histogram: Histogram): void {
    this.#free.push(histogram);
  }

  #take(): Histogram {
    const reused = this.#free.pop();
    if (reused === undefined) return new Float64Array(this.#matrix.slotCount * 2);
    return reused.fill(0);
  }
}

function gather(
  { gradient, hessian }: Gradients,
  rows: Int32Array,
  begin: number,
  end: number,
  gradientOut: Float32Array,
  hessianOut: Float32Array,
): void {
  for (let i = begin; i < end; i++) {
    const row = rows[i]!;
    gradientOut[i - begin] = gradient[row]!;
    hessianOut[i - begin] = hessian[row]!;
  }
}

/** The loop that a round spends its time in. */
function addRows(
  histogram: Histogram,
  slotBegin: number,
  bins: BinColumn,
  rows: Int32Array,
  gradient: Float32Array,
  hessian: Float32Array,
  begin: number,
  end: number,
): void {
  for (let i = begin; i < end; i++) {
    const slot = (slotBegin + bins[rows[i]!]!) << 1;
    histogram[slot]! += gradient[i - begin]!;
    histogram[slot + 1]! += hessian[i - begin]!;
  }
}
