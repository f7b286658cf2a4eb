import { f32 } from './float32.ts';
import { MersenneTwister } from './mersenneTwister.ts';
import type { TreeParameters } from './parameters.ts';

/** Which rows and columns a tree may use: the draws of XGBoost with the same seed, in the same order. */
export class Sampler {
  readonly #parameters: TreeParameters;
  readonly #treeMethod: 'exact' | 'hist';
  /** XGBoost's global generator, seeded by `seed`. */
  readonly #global: MersenneTwister;
  /** The column sampler's own generator, seeded from the global one. */
  #columns: MersenneTwister;
  readonly #allFeatures: readonly number[];
  readonly #rowMask: Uint8Array;
  #treeFeatures: readonly number[] = [];
  readonly #levelFeatures = new Map<number, readonly number[]>();

  constructor(
    parameters: TreeParameters,
    treeMethod: 'exact' | 'hist',
    rowCount: number,
    featureCount: number,
  ) {
    this.#parameters = parameters;
    this.#treeMethod = treeMethod;
    this.#global = new MersenneTwister(parameters.seed);
    this.#allFeatures = Array.from({ length: featureCount }, (_, feature) => feature);
    this.#rowMask = new Uint8Array(parameters.subsample < 1 ? rowCount : 0);
    // `hist` keeps its column sampler for the whole run, `exact` makes a new one for every tree.
    this.#columns = treeMethod === 'hist' ? new MersenneTwister(this.#global.next()) : this.#global;
  }

  /** Begins a tree: 1 for each row that it sees; `undefined` when it sees all. The array is used again next time. */
  nextTree(): Uint8Array | undefined {
    if (this.#treeMethod === 'exact') this.#columns = new MersenneTwister(this.#global.next());
    const rows = this.#drawRows();
    this.#treeFeatures = this.#pick(this.#allFeatures, this.#parameters.colsampleByTree);
    this.#levelFeatures.clear();
    return rows;
  }

  /** Features of the tree, ascending. */
  get treeFeatures(): readonly number[] {
    return this.#treeFeatures;
  }

  /** Features of the tree that splits at this depth may use, ascending. */
  featuresAt(depth: number): readonly number[] {
    const ratio = this.#parameters.colsampleByLevel;
    if (ratio === 1) return this.#treeFeatures;
    let features = this.#levelFeatures.get(depth);
    if (features === undefined) {
      features = this.#pick(this.#treeFeatures, ratio);
      this.#levelFeatures.set(depth, features);
    }
    return features;
  }

  #drawRows(): Uint8Array | undefined {
    const { subsample } = this.#parameters;
    if (subsample >= 1) return undefined;
    const mask = this.#rowMask;
    if (this.#treeMethod === 'hist') {
      drawRowsLinearCongruential(this.#global.next(), subsample, mask);
    } else {
      for (let row = 0; row < mask.length; row++) mask[row] = this.#global.nextUnit() < subsample ? 1 : 0;
    }
    return mask;
  }

  #pick(features: readonly number[], ratio: number): readonly number[] {
    if (ratio === 1) return features;
    const shuffled = [...features];
    this.#columns.shuffle(shuffled);
    const count = Math.max(1, Math.trunc(f32(ratio * features.length)));
    return shuffled.slice(0, count).sort((a, b) => a - b);
  }
}

/**
 * One draw a row from `std::linear_congruential_engine<uint64_t, 16807, 0, 2^63>`, the generator of the `hist` row
 * sampler. The 63-bit state is two numbers, 31 and 32 bits, because it does not fit into a double.
 */
export function drawRowsLinearCongruential(seed: number, subsample: number, mask: Uint8Array): void {
  const multiplier = 16807;
  let high = 0;
  // Zero would stay zero for ever, so the standard starts at one then.
  let low = seed === 0 ? 1 : seed;
  for (let row = 0; row < mask.length; row++) {
    const product = low * multiplier;
    low = product % 2 ** 32;
    high = (high * multiplier + Math.floor(product / 2 ** 32)) % 2 ** 31;
    mask[row] = (high * 2 ** 32 + low) / 2 ** 63 < subsample ? 1 : 0;
  }
}
