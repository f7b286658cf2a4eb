import type { Gradients } from './objectives.ts';
import type { Sampler } from './sampling.ts';
import type { Tree } from './tree.ts';

/** Grows one tree after another on the same rows: by histograms (`hist`) or over sorted values (`exact`). */
export interface TreeGrower {
  /** Fits a tree to the gradients, on the rows and columns that the sampler draws. */
  grow(gradients: Gradients, sampler: Sampler): Tree;
  /** Adds the tree grown last to the margins of the training rows, `margins[row * groupCount + group]`. */
  addLastTreeToMargins(tree: Tree, margins: Float32Array, group: number, groupCount: number): void;
}
