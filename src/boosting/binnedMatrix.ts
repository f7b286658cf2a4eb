import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';
import type { DataMatrix } from './matrix.ts';
import { cutFeature, type FeatureCuts } from './quantileSketch.ts';

export type BinColumn = Uint8Array | Uint16Array | Uint32Array;

/**
 * A matrix with every value replaced by the number of its bin. Histograms hold all features one after the other; a
 * feature's slots begin at `slotBegin[feature]`, and a missing value has the slot after its last bin.
 */
export interface BinnedMatrix {
  readonly rowCount: number;
  readonly features: readonly FeatureCuts[];
  /** `bins[feature][row]`, from 0 within the feature; `features[feature].cuts.length` is missing. */
  readonly bins: readonly BinColumn[];
  readonly slotBegin: Int32Array;
  readonly slotCount: number;
  /** No value is missing anywhere. */
  readonly isDense: boolean;
}

export function binMatrix(matrix: DataMatrix, maxBin: number, check: CancellationCheck): BinnedMatrix {
  const { columns, rowCount } = matrix;
  const features = columns.map((column) => cutFeature(column, maxBin, check));
  const slotBegin = new Int32Array(features.length);
  let slotCount = 0;
  let widest = 0;
  features.forEach(({ cuts, hasMissing }, feature) => {
    slotBegin[feature] = slotCount;
    const slots = cuts.length + (hasMissing ? 1 : 0);
    slotCount += slots;
    widest = Math.max(widest, slots);
  });
  // One width for all features keeps the histogram loop monomorphic.
  const newColumn = (): BinColumn => {
    if (widest <= 0x100) return new Uint8Array(rowCount);
    return widest <= 0x10000 ? new Uint16Array(rowCount) : new Uint32Array(rowCount);
  };
  const bins = columns.map((column, feature) => {
    const target = newColumn();
    for (let begin = 0; begin < rowCount; begin += rowsPerCheck) {
      check();
      fillBins(target, column, features[feature]!.cuts, begin, Math.min(rowCount, begin + rowsPerCheck));
    }
    return target;
  });
  return { rowCount, features, bins, slotBegin, slotCount, isDense: !features.some((one) => one.hasMissing) };
}

function fillBins(
  target: BinColumn,
  column: Float32Array,
  cuts: Float32Array,
  begin: number,
  end: number,
): void {
  const binCount = cuts.length;
  for (let row = begin; row < end; row++) {
    const value = column[row]!;
    if (Number.isNaN(value)) {
      target[row] = binCount;
      continue;
    }
    // The first bin whose upper bound is above the value.
    let low = 0;
    let length = binCount;
    while (length > 0) {
      const half = length >> 1;
      if (cuts[low + half]! <= value) {
        low += half + 1;
        length -= half + 1;
      } else {
        length = half;
      }
    }
    target[row] = low === binCount ? binCount - 1 : low;
  }
}
