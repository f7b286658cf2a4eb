import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';

/** The parent of a root, in XGBoost's files. */
export const noParent = 2147483647;
/** The split index of a deleted node, in XGBoost's files. */
export const deletedSplitIndex = 2147483647;
/** The children of a leaf. */
export const noChild = -1;

/**
 * One regression tree with the arrays of XGBoost's JSON model, by node id; node 0 is the root. A node that pruning
 * deleted keeps its id and its place: its split index says so.
 */
export interface Tree {
  readonly parents: Int32Array;
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  /** Feature of a split. */
  readonly splitIndices: Int32Array;
  /** A value less than it goes left; on a leaf, the leaf's value (eta is in it). */
  readonly splitConditions: Float32Array;
  /** 1 where a missing value goes left. */
  readonly defaultLeft: Uint8Array;
  readonly lossChanges: Float32Array;
  readonly sumHessian: Float32Array;
  readonly baseWeights: Float32Array;
  readonly deletedCount: number;
}

/** A tree while it grows; plain arrays, because nobody knows its size yet. */
export class GrowingTree {
  readonly parents: number[] = [];
  readonly leftChildren: number[] = [];
  readonly rightChildren: number[] = [];
  readonly splitIndices: number[] = [];
  readonly splitConditions: number[] = [];
  readonly defaultLeft: number[] = [];
  readonly lossChanges: number[] = [];
  readonly sumHessian: number[] = [];
  readonly baseWeights: number[] = [];
  deletedCount = 0;

  constructor() {
    this.#addNode(noParent);
  }

  get nodeCount(): number {
    return this.parents.length;
  }

  isLeaf(node: number): boolean {
    return this.leftChildren[node] === noChild;
  }

  /** Turns a leaf into a split and returns its left child's id; the right child's is one more. */
  split(node: number, feature: number, condition: number, defaultLeft: boolean): number {
    const left = this.#addNode(node);
    this.leftChildren[node] = left;
    this.rightChildren[node] = this.#addNode(node);
    this.splitIndices[node] = feature;
    this.splitConditions[node] = condition;
    this.defaultLeft[node] = defaultLeft ? 1 : 0;
    return left;
  }

  finish(): Tree {
    return {
      parents: Int32Array.from(this.parents),
      leftChildren: Int32Array.from(this.leftChildren),
      rightChildren: Int32Array.from(this.rightChildren),
      splitIndices: Int32Array.from(this.splitIndices),
      splitConditions: Float32Array.from(this.splitConditions),
      defaultLeft: Uint8Array.from(this.defaultLeft),
      lossChanges: Float32Array.from(this.lossChanges),
      sumHessian: Float32Array.from(this.sumHessian),
      baseWeights: Float32Array.from(this.baseWeights),
      deletedCount: this.deletedCount,
    };
  }

  #addNode(parent: number): number {
    this.parents.push(parent);
    this.leftChildren.push(noChild);
    this.rightChildren.push(noChild);
    this.splitIndices.push(0);
    this.splitConditions.push(0);
    this.defaultLeft.push(0);
    this.lossChanges.push(0);
    this.sumHessian.push(0);
    this.baseWeights.push(0);
    return this.parents.length - 1;
  }
}

/**
 * Adds a tree's leaf values to the margins of all rows: `margins[row * groupCount + group]`. The sums are float32, as
 * the array makes them.
 */
export function addTreeToMargins(
  tree: Tree,
  columns: readonly Float32Array[],
  margins: Float32Array,
  group: number,
  groupCount: number,
  check: CancellationCheck,
): void {
  const rowCount = margins.length / groupCount;
  for (let begin = 0; begin < rowCount; begin += rowsPerCheck) {
    check();
    addBlock(tree, columns, margins, group, groupCount, begin, Math.min(rowCount, begin + rowsPerCheck));
  }
}

function addBlock(
  tree: Tree,
  columns: readonly Float32Array[],
  margins: Float32Array,
  group: number,
  groupCount: number,
  begin: number,
  end: number,
): void {
  const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft } = tree;
  for (let row = begin; row < end; row++) {
    let node = 0;
    let left = leftChildren[0]!;
    while (left !== noChild) {
      const value = columns[splitIndices[node]!]![row]!;
      // NaN fails both comparisons, so a missing value falls through to the default direction.
      if (value < splitConditions[node]!) node = left;
      else if (value >= splitConditions[node]!) node = rightChildren[node]!;
      else node = defaultLeft[node] === 1 ? left : rightChildren[node]!;
      left = leftChildren[node]!;
    }
    margins[row * groupCount + group]! += splitConditions[node]!;
  }
}
