import type { SplitDraft } from './trainingDraft.ts';

/** How many rows each part gets. */
export interface PartSizes {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * Shares out `rows` by whole per cents that add up to 100. Each part gets its exact share rounded down; the rows that
 * are left go one each to the parts with the largest remainders, and among equals to train before validation before
 * test. Whole numbers only, so every machine gets the same sizes; a part of 0 % stays empty.
 */
export function partSizes(
  rows: number,
  split: Pick<SplitDraft, 'trainPercent' | 'validationPercent' | 'testPercent'>,
): PartSizes {
  const shares = [split.trainPercent, split.validationPercent, split.testPercent].map((percent) => ({
    size: Math.floor((rows * percent) / 100),
    remainder: (rows * percent) % 100,
  }));
  const left = rows - shares.reduce((sum, share) => sum + share.size, 0);
  for (const share of shares.toSorted((a, b) => b.remainder - a.remainder).slice(0, left)) share.size++;
  const [train = 0, validation = 0, test = 0] = shares.map((share) => share.size);
  return { train, validation, test };
}
