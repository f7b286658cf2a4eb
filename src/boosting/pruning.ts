import { f32 } from './float32.ts';
import { deletedSplitIndex, noChild, type GrowingTree } from './tree.ts';

/**
 * Takes back splits that gain less than `gamma`, from the leaves upwards: a split goes when both of its children are
 * leaves, which may free its parent in turn. Deleted nodes keep their ids, as in XGBoost's pruner
 * (src/tree/updater_prune.cc), so that node numbers in its files can be compared.
 */
export function prune(tree: GrowingTree, gamma: number, eta: number): void {
  for (let node = 0; node < tree.nodeCount; node++) {
    if (tree.isLeaf(node) && tree.splitIndices[node] !== deletedSplitIndex)
      pruneAbove(tree, node, gamma, eta);
  }
}

function pruneAbove(tree: GrowingTree, leaf: number, gamma: number, eta: number): void {
  for (let node = leaf; node !== 0;) {
    const parent = tree.parents[node]!;
    const left = tree.leftChildren[parent]!;
    const right = tree.rightChildren[parent]!;
    if (!tree.isLeaf(left) || !tree.isLeaf(right) || tree.lossChanges[parent]! >= gamma) return;
    markDeleted(tree, left);
    markDeleted(tree, right);
    tree.leftChildren[parent] = noChild;
    tree.rightChildren[parent] = noChild;
    tree.splitConditions[parent] = f32(eta * tree.baseWeights[parent]!);
    node = parent;
  }
}

/** XGBoost fills the word that holds the feature and, in its top bit, the default direction with ones. */
function markDeleted(tree: GrowingTree, node: number): void {
  tree.splitIndices[node] = deletedSplitIndex;
  tree.defaultLeft[node] = 1;
  tree.deletedCount++;
}
