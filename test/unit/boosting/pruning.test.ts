import assert from 'node:assert/strict';
import { prune } from '../../../src/boosting/pruning.ts';
import { deletedSplitIndex, GrowingTree } from '../../../src/boosting/tree.ts';

/** Root gains 5; its left child 1 gains `left`, and 1's left child 3 gains `below`. Leaves are 2, 4, 5 and 6. */
function aTree(left: number, below: number): GrowingTree {
  const tree = new GrowingTree();
  tree.split(0, 0, 0.5, true);
  tree.split(1, 1, 0.25, false);
  tree.split(3, 2, 0.125, true);
  tree.lossChanges[0] = 5;
  tree.lossChanges[1] = left;
  tree.lossChanges[3] = below;
  tree.baseWeights[0] = 10;
  tree.baseWeights[1] = 20;
  tree.baseWeights[3] = 30;
  return tree;
}

const leaves = (tree: GrowingTree): number[] =>
  Array.from({ length: tree.nodeCount }, (_, node) => node).filter(
    (node) => tree.isLeaf(node) && tree.splitIndices[node] !== deletedSplitIndex,
  );

describe('prune', () => {
  it('keeps splits that gain gamma or more', () => {
    const tree = aTree(3, 2);
    prune(tree, 2, 0.5);
    assert.deepEqual(leaves(tree), [2, 4, 5, 6]);
    assert.equal(tree.deletedCount, 0);
  });

  it('turns a weak split above leaves into a leaf with the learning rate applied', () => {
    const tree = aTree(3, 1);
    prune(tree, 2, 0.5);
    assert.deepEqual(leaves(tree), [2, 3, 4]);
    assert.equal(tree.splitConditions[3], 15);
  });

  it('goes on upwards while parents become prunable', () => {
    const tree = aTree(1, 1);
    prune(tree, 2, 0.5);
    assert.deepEqual(leaves(tree), [1, 2]);
    assert.equal(tree.deletedCount, 4);
  });

  it('keeps a weak split above a strong one', () => {
    const tree = aTree(1, 4);
    prune(tree, 2, 0.5);
    assert.deepEqual(leaves(tree), [2, 4, 5, 6]);
  });

  it('keeps ids of deleted nodes, marked as XGBoost marks them', () => {
    const tree = aTree(3, 1);
    prune(tree, 2, 0.5);
    assert.equal(tree.nodeCount, 7);
    assert.deepEqual(tree.splitIndices.slice(5), [deletedSplitIndex, deletedSplitIndex]);
    assert.deepEqual(tree.defaultLeft.slice(5), [1, 1]);
  });
});
