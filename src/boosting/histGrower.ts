import type { BinnedMatrix } from './binnedMatrix.ts';
import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';
import { f32, rtEps } from './float32.ts';
import { GainCalculator } from './gain.ts';
import type { TreeGrower } from './grower.ts';
import { type Histogram, HistogramBuilder } from './histogram.ts';
import type { Gradients } from './objectives.ts';
import type { TreeParameters } from './parameters.ts';
import type { Sampler } from './sampling.ts';
import { GrowingTree, type Tree } from './tree.ts';

/** The best split found for a node. */
interface Split {
  gain: number;
  feature: number;
  condition: number;
  defaultLeft: boolean;
  /** Last bin that goes left; -1 when none does. */
  bin: number;
  leftGradient: number;
  leftHessian: number;
  rightGradient: number;
  rightHessian: number;
}

/** A node whose rows lie side by side in the row order. */
interface Node {
  readonly id: number;
  readonly depth: number;
  readonly begin: number;
  readonly end: number;
  readonly gradient: number;
  readonly hessian: number;
  /** Absent at the last depth, where nothing is split. */
  histogram?: Histogram;
  split?: Split | undefined;
}

/** Grows trees level by level over binned values: `tree_method=hist` (src/tree/updater_quantile_hist.cc). */
export class HistGrower implements TreeGrower {
  readonly #matrix: BinnedMatrix;
  readonly #parameters: TreeParameters;
  readonly #check: CancellationCheck;
  readonly #gain: GainCalculator;
  readonly #histograms: HistogramBuilder;
  /** Row numbers in the order of the leaves they fell into; within a node, in row order. */
  readonly #rows: Int32Array;
  readonly #goingRight: Int32Array;
  /** Gradients with zeros for the rows that the tree does not see; made when rows are sampled. */
  #seen: Gradients | undefined;
  #leaves: Node[] = [];

  constructor(matrix: BinnedMatrix, parameters: TreeParameters, check: CancellationCheck) {
    this.#matrix = matrix;
    this.#parameters = parameters;
    this.#check = check;
    this.#gain = new GainCalculator(parameters);
    this.#histograms = new HistogramBuilder(matrix, check);
    this.#rows = new Int32Array(matrix.rowCount);
    this.#goingRight = new Int32Array(matrix.rowCount);
  }

  grow(allGradients: Gradients, sampler: Sampler): Tree {
    const gradients = this.#withoutUnseen(allGradients, sampler.nextTree());
    const tree = new GrowingTree();
    this.#leaves = [];
    let level = [this.#rootNode(tree, gradients, sampler)];
    for (let depth = 0; level.length > 0; depth++) {
      const features = sampler.featuresAt(depth);
      for (const node of level) {
        this.#check();
        node.split = this.#bestSplit(node, features);
      }
      level = level.flatMap((node) => this.#expand(tree, node, gradients, sampler.treeFeatures));
    }
    return tree.finish();
  }

  addLastTreeToMargins(tree: Tree, margins: Float32Array, group: number, groupCount: number): void {
    const rows = this.#rows;
    for (const leaf of this.#leaves) {
      const value = tree.splitConditions[leaf.id]!;
      for (let i = leaf.begin; i < leaf.end; i++) margins[rows[i]! * groupCount + group]! += value;
    }
  }

  #withoutUnseen({ gradient, hessian }: Gradients, mask: Uint8Array | undefined): Gradients {
    if (mask === undefined) return { gradient, hessian };
    this.#seen ??= { gradient: new Float32Array(mask.length), hessian: new Float32Array(mask.length) };
    for (let row = 0; row < mask.length; row++) {
      this.#seen.gradient[row] = mask[row] === 1 ? gradient[row]! : 0;
      this.#seen.hessian[row] = mask[row] === 1 ? hessian[row]! : 0;
    }
    return this.#seen;
  }

  #rootNode(tree: GrowingTree, gradients: Gradients, sampler: Sampler): Node {
    const { rowCount, isDense, features } = this.#matrix;
    for (let row = 0; row < rowCount; row++) this.#rows[row] = row;
    // The root's sums come from the bins of feature 0, whether or not the tree may use it, because they round
    // differently from sums over rows; only missing values force XGBoost to walk the rows.
    const histogramFeatures =
      isDense && sampler.treeFeatures[0] !== 0 ? [0, ...sampler.treeFeatures] : sampler.treeFeatures;
    const histogram = this.#histograms.build(gradients, this.#rows, 0, rowCount, histogramFeatures);
    let gradient = 0;
    let hessian = 0;
    if (isDense) {
      for (let bin = 0; bin < features[0]!.cuts.length; bin++) {
        gradient += histogram[2 * bin]!;
        hessian += histogram[2 * bin + 1]!;
      }
    } else {
      for (let row = 0; row < rowCount; row++) {
        gradient += gradients.gradient[row]!;
        hessian += gradients.hessian[row]!;
      }
    }
    const weight = this.#gain.weight(gradient, hessian);
    tree.sumHessian[0] = hessian;
    tree.baseWeights[0] = weight;
    tree.splitConditions[0] = f32(this.#parameters.eta * weight);
    return { id: 0, depth: 0, begin: 0, end: rowCount, gradient, hessian, histogram };
  }

  /** Splits a node, or lets it be a leaf; returns the children that may be split further. */
  #expand(tree: GrowingTree, node: Node, gradients: Gradients, treeFeatures: readonly number[]): Node[] {
    const { split, histogram } = node;
    if (split === undefined || histogram === undefined || !this.#isWorthwhile(node, split)) {
      this.#leaves.push(node);
      if (histogram !== undefined) this.#histograms.release(histogram);
      return [];
    }
    const leftId = this.#applySplit(tree, node.id, split);
    const middle = this.#partition(node, split);
    const depth = node.depth + 1;
    const left: Node = {
      id: leftId,
      depth,
      begin: node.begin,
      end: middle,
      gradient: split.leftGradient,
      hessian: split.leftHessian,
    };
    const right: Node = {
      id: leftId + 1,
      depth,
      begin: middle,
      end: node.end,
      gradient: split.rightGradient,
      hessian: split.rightHessian,
    };
    const { maxDepth } = this.#parameters;
    if (maxDepth > 0 && depth >= maxDepth) {
      this.#leaves.push(left, right);
      this.#histograms.release(histogram);
      return [];
    }
    // The lighter child is summed, its sibling is the difference: half the work, and XGBoost's rounding.
    const [built, derived] = right.hessian < left.hessian ? [right, left] : [left, right];
    built.histogram = this.#histograms.build(gradients, this.#rows, built.begin, built.end, treeFeatures);
    derived.histogram = this.#histograms.subtract(histogram, built.histogram);
    return [left, right];
  }

  #isWorthwhile(node: Node, split: Split): boolean {
    const { gamma, maxDepth } = this.#parameters;
    if (split.gain <= rtEps || split.gain < gamma) return false;
    if (split.leftHessian === 0 || split.rightHessian === 0) return false;
    return maxDepth === 0 || node.depth < maxDepth;
  }

  #applySplit(tree: GrowingTree, id: number, split: Split): number {
    const { eta } = this.#parameters;
    const { leftGradient, leftHessian, rightGradient, rightHessian } = split;
    const left = tree.split(id, split.feature, split.condition, split.defaultLeft);
    const right = left + 1;
    tree.lossChanges[id] = split.gain;
    tree.sumHessian[id] = leftHessian + rightHessian;
    tree.baseWeights[id] = this.#gain.weight(leftGradient + rightGradient, leftHessian + rightHessian);
    const leftValue = f32(this.#gain.weight(leftGradient, leftHessian) * eta);
    const rightValue = f32(this.#gain.weight(rightGradient, rightHessian) * eta);
    // While a node is a leaf, `hist` records its value as its base weight, eta included.
    tree.splitConditions[left] = tree.baseWeights[left] = leftValue;
    tree.splitConditions[right] = tree.baseWeights[right] = rightValue;
    tree.sumHessian[left] = leftHessian;
    tree.sumHessian[right] = rightHessian;
    return left;
  }

  /** Brings the rows that go left before those that go right, keeping their order; returns where these begin. */
  #partition(node: Node, split: Split): number {
    const bins = this.#matrix.bins[split.feature]!;
    const missingBin = this.#matrix.features[split.feature]!.cuts.length;
    const rows = this.#rows;
    const goingRight = this.#goingRight;
    const { bin: lastLeft, defaultLeft } = split;
    let left = node.begin;
    let right = 0;
    for (let begin = node.begin; begin < node.end; begin += rowsPerCheck) {
      this.#check();
      const end = Math.min(node.end, begin + rowsPerCheck);
      for (let i = begin; i < end; i++) {
        const row = rows[i]!;
        const bin = bins[row]!;
        if (bin <= lastLeft || (defaultLeft && bin === missingBin)) rows[left++] = row;
        else goingRight[right++] = row;
      }
    }
    rows.set(goingRight.subarray(0, right), left);
    return left;
  }

  #bestSplit(node: Node, features: readonly number[]): Split | undefined {
    const histogram = node.histogram!;
    const { gradient: totalGradient, hessian: totalHessian } = node;
    const { slotBegin } = this.#matrix;
    const gains = this.#gain;
    const { minChildWeight } = gains;
    const ownGain = gains.gain(totalGradient, totalHessian);
    let bestGain = 0;
    let best: Split | undefined;
    for (const feature of features) {
      const { cuts, minimum } = this.#matrix.features[feature]!;
      const first = slotBegin[feature]! * 2;
      // Forward: the bins seen so far go left, the missing values with the rest to the right.
      let gradient = 0;
      let hessian = 0;
      for (let bin = 0; bin < cuts.length; bin++) {
        gradient += histogram[first + bin * 2]!;
        hessian += histogram[first + bin * 2 + 1]!;
        const otherHessian = totalHessian - hessian;
        if (!(hessian >= minChildWeight && otherHessian >= minChildWeight)) continue;
        const otherGradient = totalGradient - gradient;
        const children = f32(gains.gain(gradient, hessian) + gains.gain(otherGradient, otherHessian));
        const gain = f32(children - ownGain);
        // Only a strictly greater gain wins, so ties go to the lowest feature and the first bin.
        if (!(gain > bestGain) || gain === Infinity) continue;
        bestGain = gain;
        best = {
          gain,
          feature,
          condition: cuts[bin]!,
          defaultLeft: false,
          bin,
          leftGradient: gradient,
          leftHessian: hessian,
          rightGradient: otherGradient,
          rightHessian: otherHessian,
        };
      }
      // Backward: the bins seen so far go right, the missing values left. Without missing values it would find the
      // same splits, and XGBoost skips it then; but it tells by comparing sums, so rounding makes it run as well.
      if (gradient === totalGradient && hessian === totalHessian) continue;
      gradient = 0;
      hessian = 0;
      for (let bin = cuts.length - 1; bin >= 0; bin--) {
        gradient += histogram[first + bin * 2]!;
        hessian += histogram[first + bin * 2 + 1]!;
        const otherHessian = totalHessian - hessian;
        if (!(hessian >= minChildWeight && otherHessian >= minChildWeight)) continue;
        const otherGradient = totalGradient - gradient;
        const children = f32(gains.gain(otherGradient, otherHessian) + gains.gain(gradient, hessian));
        const gain = f32(children - ownGain);
        if (!(gain > bestGain) || gain === Infinity) continue;
        bestGain = gain;
        best = {
          gain,
          feature,
          condition: bin === 0 ? minimum : cuts[bin - 1]!,
          defaultLeft: true,
          bin: bin - 1,
          leftGradient: otherGradient,
          leftHessian: otherHessian,
          rightGradient: gradient,
          rightHessian: hessian,
        };
      }
    }
    return best;
  }
}
