import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';
import { f32, rtEps } from './float32.ts';
import { GainCalculator } from './gain.ts';
import type { TreeGrower } from './grower.ts';
import type { DataMatrix } from './matrix.ts';
import type { Gradients } from './objectives.ts';
import type { TreeParameters } from './parameters.ts';
import { prune } from './pruning.ts';
import type { Sampler } from './sampling.ts';
import { type SortedColumn, sortColumn } from './sortedColumn.ts';
import { addTreeToMargins, GrowingTree, type Tree } from './tree.ts';

/** A sorted feature and which ways it must be scanned. */
interface ScannedColumn extends SortedColumn {
  /** Some value is missing, so both default directions are tried. */
  readonly isSparse: boolean;
}

/**
 * Grows trees level by level over sorted values, trying every threshold, then prunes: `tree_method=exact`
 * (src/tree/updater_colmaker.cc and updater_prune.cc).
 */
export class ExactGrower implements TreeGrower {
  readonly #matrix: DataMatrix;
  readonly #parameters: TreeParameters;
  readonly #check: CancellationCheck;
  readonly #gain: GainCalculator;
  readonly #columns: readonly ScannedColumn[];
  /** Node of each row; the complement (`~node`) of rows that take no part: not sampled, or in a finished leaf. */
  readonly #positions: Int32Array;
  /** Gradient and hessian side by side, because scans read both at random rows. */
  readonly #pairs: Float32Array;

  constructor(matrix: DataMatrix, parameters: TreeParameters, check: CancellationCheck) {
    this.#matrix = matrix;
    this.#parameters = parameters;
    this.#check = check;
    this.#gain = new GainCalculator(parameters);
    this.#columns = matrix.columns.map((column) => {
      const sorted = sortColumn(column, check);
      const { length } = sorted.values;
      // A column with a single value splits only present from missing, which one scan finds.
      const isIndicator = length > 0 && sorted.values[0] === sorted.values[length - 1];
      const density = f32(1 - f32((matrix.rowCount - length) / matrix.rowCount));
      return { ...sorted, isSparse: density < 1 && !isIndicator };
    });
    this.#positions = new Int32Array(matrix.rowCount);
    this.#pairs = new Float32Array(matrix.rowCount * 2);
  }

  grow(gradients: Gradients, sampler: Sampler): Tree {
    this.#placeRows(gradients, sampler.nextTree());
    const { eta, maxDepth, gamma } = this.#parameters;
    const tree = new GrowingTree();
    let nodes = [0];
    let level = this.#measure(tree, nodes);
    for (let depth = 0; depth < maxDepth && nodes.length > 0; depth++) {
      for (const feature of sampler.featuresAt(depth)) {
        const column = this.#columns[feature]!;
        if (column.isSparse) this.#scan(level, nodes, feature, column, false);
        this.#scan(level, nodes, feature, column, true);
      }
      nodes = this.#splitLevel(tree, level, nodes);
      this.#moveRows(tree);
      level = this.#measure(tree, nodes);
    }
    for (const node of nodes) tree.splitConditions[node] = f32(tree.baseWeights[node]! * eta);
    if (gamma > 0) prune(tree, gamma, eta);
    return tree.finish();
  }

  addLastTreeToMargins(tree: Tree, margins: Float32Array, group: number, groupCount: number): void {
    addTreeToMargins(tree, this.#matrix.columns, margins, group, groupCount, this.#check);
  }

  #placeRows({ gradient, hessian }: Gradients, mask: Uint8Array | undefined): void {
    const positions = this.#positions;
    const pairs = this.#pairs;
    for (let row = 0; row < positions.length; row++) {
      pairs[row * 2] = gradient[row]!;
      pairs[row * 2 + 1] = hessian[row]!;
      positions[row] = mask === undefined || mask[row] === 1 ? 0 : ~0;
    }
  }

  /** Sums gradients over the rows of new nodes, and records what a node says of itself. */
  #measure(tree: GrowingTree, nodes: readonly number[]): Level {
    this.#check();
    const level = new Level(tree.nodeCount);
    if (nodes.length === 0) return level;
    level.addRows(this.#positions, this.#pairs);
    for (const node of nodes) {
      const gradient = level.gradientOf(node);
      const hessian = level.hessianOf(node);
      level.setOwnGain(node, this.#gain.gain(gradient, hessian));
      tree.sumHessian[node] = hessian;
      tree.baseWeights[node] = this.#gain.weight(gradient, hessian);
    }
    return level;
  }

  #scan(
    level: Level,
    nodes: readonly number[],
    feature: number,
    column: SortedColumn,
    backward: boolean,
  ): void {
    level.beginScan(nodes);
    const count = column.values.length;
    for (let begin = 0; begin < count; begin += rowsPerCheck) {
      this.#check();
      const end = Math.min(count, begin + rowsPerCheck);
      level.scanValues(this.#gain, this.#positions, this.#pairs, feature, column, backward, begin, end);
    }
    level.endScan(this.#gain, nodes, feature, backward);
  }

  /** Splits the nodes that gain enough; returns their children. */
  #splitLevel(tree: GrowingTree, level: Level, nodes: readonly number[]): number[] {
    const children: number[] = [];
    for (const node of nodes) {
      const gain = level.bestGainOf(node);
      tree.lossChanges[node] = gain;
      if (gain > rtEps) {
        const left = tree.split(
          node,
          level.bestFeature[node]!,
          level.bestCondition[node]!,
          level.bestDefaultLeft[node] === 1,
        );
        children.push(left, left + 1);
      } else {
        tree.splitConditions[node] = f32(tree.baseWeights[node]! * this.#parameters.eta);
      }
    }
    return children;
  }

  /** Moves each row from a node that was just split to its child; rows of new leaves take no part any more. */
  #moveRows(tree: GrowingTree): void {
    const positions = this.#positions;
    const { columns } = this.#matrix;
    const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft } = tree;
    for (let begin = 0; begin < positions.length; begin += rowsPerCheck) {
      this.#check();
      const end = Math.min(positions.length, begin + rowsPerCheck);
      for (let row = begin; row < end; row++) {
        const position = positions[row]!;
        const node = position < 0 ? ~position : position;
        const left = leftChildren[node]!;
        if (left < 0) {
          positions[row] = ~node;
          continue;
        }
        const value = columns[splitIndices[node]!]![row]!;
        const condition = splitConditions[node]!;
        const goesLeft = value < condition || (Number.isNaN(value) && defaultLeft[node] === 1);
        const child = goesLeft ? left : rightChildren[node]!;
        positions[row] = position < 0 ? ~child : child;
      }
    }
  }
}

/** What a scan knows of a node, side by side in one array: it visits nodes at random, once a value. */
const stateSize = 8;
const totalGradient = 0;
const totalHessian = 1;
const ownGain = 2;
const bestGain = 3;
/** Sums over the values that the scan has passed. */
const passedGradient = 4;
const passedHessian = 5;
const lastValue = 6;

/** Sums and best splits of the nodes of one level, by node id. */
class Level {
  readonly bestFeature: Int32Array;
  readonly bestCondition: Float32Array;
  readonly bestDefaultLeft: Uint8Array;
  readonly #state: Float64Array;

  constructor(nodeCount: number) {
    this.bestFeature = new Int32Array(nodeCount);
    this.bestCondition = new Float32Array(nodeCount);
    this.bestDefaultLeft = new Uint8Array(nodeCount);
    this.#state = new Float64Array(nodeCount * stateSize);
  }

  gradientOf(node: number): number {
    return this.#state[node * stateSize + totalGradient]!;
  }

  hessianOf(node: number): number {
    return this.#state[node * stateSize + totalHessian]!;
  }

  bestGainOf(node: number): number {
    return this.#state[node * stateSize + bestGain]!;
  }

  setOwnGain(node: number, gain: number): void {
    this.#state[node * stateSize + ownGain] = gain;
  }

  addRows(positions: Int32Array, pairs: Float32Array): void {
    const state = this.#state;
    for (let row = 0; row < positions.length; row++) {
      const node = positions[row]!;
      if (node < 0) continue;
      state[node * stateSize + totalGradient]! += pairs[row * 2]!;
      state[node * stateSize + totalHessian]! += pairs[row * 2 + 1]!;
    }
  }

  beginScan(nodes: readonly number[]): void {
    for (const node of nodes) {
      this.#state[node * stateSize + passedGradient] = 0;
      this.#state[node * stateSize + passedHessian] = 0;
    }
  }

  /** Passes the values from `begin` to `end`, counted from the end of the column when going backward. */
  scanValues(
    gains: GainCalculator,
    positions: Int32Array,
    pairs: Float32Array,
    feature: number,
    { values, rows }: SortedColumn,
    backward: boolean,
    begin: number,
    end: number,
  ): void {
    const state = this.#state;
    const { minChildWeight } = gains;
    const last = values.length - 1;
    for (let i = begin; i < end; i++) {
      const at = backward ? last - i : i;
      const row = rows[at]!;
      const node = positions[row]!;
      if (node < 0) continue;
      const own = node * stateSize;
      const value = values[at]!;
      const gradient = state[own + passedGradient]!;
      const hessian = state[own + passedHessian]!;
      const previous = state[own + lastValue]!;
      if (hessian !== 0 && value !== previous && hessian >= minChildWeight) {
        const otherHessian = state[own + totalHessian]! - hessian;
        if (otherHessian >= minChildWeight) {
          const otherGradient = state[own + totalGradient]! - gradient;
          const children = f32(gains.gain(otherGradient, otherHessian) + gains.gain(gradient, hessian));
          const gain = f32(children - state[own + ownGain]!);
          // Only a strictly greater gain wins, so ties go to the lowest feature and the first threshold.
          if (gain > state[own + bestGain]! && gain !== Infinity) {
            const middle = f32(f32(value + previous) * 0.5);
            // The middle of two neighbouring floats is one of them; the threshold must lie above the smaller.
            this.#keep(node, gain, feature, middle === value ? previous : middle, backward);
          }
        }
      }
      state[own + passedGradient] = gradient + pairs[row << 1]!;
      state[own + passedHessian] = hessian + pairs[(row << 1) | 1]!;
      state[own + lastValue] = value;
    }
  }

  /** Tries the split beyond the last value: all present values on one side, the missing ones on the other. */
  endScan(gains: GainCalculator, nodes: readonly number[], feature: number, backward: boolean): void {
    const state = this.#state;
    for (const node of nodes) {
      const own = node * stateSize;
      const gradient = state[own + passedGradient]!;
      const hessian = state[own + passedHessian]!;
      const otherHessian = state[own + totalHessian]! - hessian;
      if (!(hessian >= gains.minChildWeight && otherHessian >= gains.minChildWeight)) continue;
      const otherGradient = state[own + totalGradient]! - gradient;
      const children = f32(gains.gain(otherGradient, otherHessian) + gains.gain(gradient, hessian));
      const gain = f32(children - state[own + ownGain]!);
      if (!(gain > state[own + bestGain]!) || gain === Infinity) continue;
      const last = state[own + lastValue]!;
      const gap = f32(Math.abs(last) + rtEps);
      this.#keep(node, gain, feature, backward ? last - gap : last + gap, backward);
    }
  }

  #keep(node: number, gain: number, feature: number, condition: number, backward: boolean): void {
    this.#state[node * stateSize + bestGain] = gain;
    this.bestFeature[node] = feature;
    this.bestCondition[node] = condition;
    // Going backward the values passed go right, and the missing ones stay with the rest on the left.
    this.bestDefaultLeft[node] = backward ? 1 : 0;
  }
}
