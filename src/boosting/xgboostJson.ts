import { localTrainerXgboostVersion } from '../core/localTrainer.ts';
import { UnsupportedByLocalTrainer } from './errors.ts';
import { f32 } from './float32.ts';
import type { Model } from './model.ts';
import { createObjective } from './objectives.ts';
import { parseParameters } from './parameters.ts';
import type { Tree } from './tree.ts';

/*
 * XGBoost's JSON model (https://xgboost.readthedocs.io/en/release_1.7.0/tutorials/saving_model.html, schema in
 * doc/model.schema of the sources). Numbers of the parameter sections are strings there.
 */

/** Writes a model as XGBoost 1.7.4 does; 1.7 and later open it. */
export function toXgboostJson(model: Model): string {
  const { objective, featureCount, trees, treeGroups } = model;
  // Put together from text, because JSON.stringify cannot write float32 with the digits they need and no more.
  const learner = [
    `"attributes":${JSON.stringify(model.attributes)}`,
    `"feature_names":[]`,
    `"feature_types":[]`,
    `"gradient_booster":{"model":{"gbtree_model_param":${JSON.stringify({
      num_parallel_tree: '1',
      num_trees: String(trees.length),
      size_leaf_vector: '0',
    })},"tree_info":${JSON.stringify(treeGroups)},"trees":[${trees
      .map((tree, id) => treeJson(tree, id, featureCount))
      .join(',')}]},"name":"gbtree"}`,
    `"learner_model_param":${JSON.stringify({
      base_score: formatFloat32(model.baseScore),
      boost_from_average: model.boostFromAverage ? '1' : '0',
      num_class: String(objective.groupCount > 1 ? objective.groupCount : 0),
      num_feature: String(featureCount),
      num_target: '1',
    })}`,
    `"objective":${JSON.stringify({ name: objective.name, ...objective.json })}`,
  ];
  const version = `[${localTrainerXgboostVersion.split('.').join(',')}]`;
  return `{"learner":{${learner.join(',')}},"version":${version}}`;
}

function treeJson(tree: Tree, id: number, featureCount: number): string {
  const nodeCount = tree.parents.length;
  const fields = [
    `"base_weights":${floats(tree.baseWeights)}`,
    `"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]`,
    `"default_left":[${tree.defaultLeft.join(',')}]`,
    `"id":${id}`,
    `"left_children":[${tree.leftChildren.join(',')}]`,
    `"loss_changes":${floats(tree.lossChanges)}`,
    `"parents":[${tree.parents.join(',')}]`,
    `"right_children":[${tree.rightChildren.join(',')}]`,
    `"split_conditions":${floats(tree.splitConditions)}`,
    `"split_indices":[${tree.splitIndices.join(',')}]`,
    `"split_type":[${new Uint8Array(nodeCount).join(',')}]`,
    `"sum_hessian":${floats(tree.sumHessian)}`,
    `"tree_param":${JSON.stringify({
      num_deleted: String(tree.deletedCount),
      num_feature: String(featureCount),
      num_nodes: String(nodeCount),
      size_leaf_vector: '0',
    })}`,
  ];
  return `{${fields.join(',')}}`;
}

function floats(values: Float32Array): string {
  return `[${Array.from(values, formatFloat32).join(',')}]`;
}

/** The shortest decimal that reads back as the same float32, in XGBoost's notation: `5E-1`. */
export function formatFloat32(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity';
  if (Object.is(value, -0)) return '-0E0';
  for (let digits = 0; ; digits++) {
    const text = value.toExponential(digits);
    // Nine significant digits tell all float32 apart.
    if (digits === 8 || f32(Number(text)) === value) return text.replace('e+', 'E').replace('e', 'E');
  }
}

/** Reads a JSON model of XGBoost 1.x that has trees (`gbtree`) and an objective that the local trainer knows. */
export function fromXgboostJson(text: string): Model {
  const learner = object(object(JSON.parse(text), 'the model').learner, 'learner');
  const parameters = strings(learner.learner_model_param, 'learner_model_param');
  const booster = object(learner.gradient_booster, 'gradient_booster');
  if (booster.name !== 'gbtree') {
    throw new UnsupportedByLocalTrainer(
      'booster',
      `models of the booster ${String(booster.name)}, only gbtree`,
    );
  }
  const { model } = booster;
  const { trees, tree_info: treeInfo } = object(model, 'gradient_booster.model');
  const featureCount = Number(parameters.num_feature);
  const numClass = Number(parameters.num_class);
  const objective = readObjective(learner.objective, numClass);
  const readTrees = array(trees, 'trees').map((tree) => readTree(tree, featureCount));
  const treeGroups = numbers(treeInfo, 'tree_info', readTrees.length);
  if (!treeGroups.every((group) => Number.isInteger(group) && group >= 0 && group < objective.groupCount)) {
    throw new InvalidModel('tree_info names a class that the model does not have');
  }
  return {
    objective,
    featureCount,
    baseScore: f32(Number(parameters.base_score)),
    boostFromAverage: parameters.boost_from_average !== '0',
    trees: readTrees,
    treeGroups,
    attributes: strings(learner.attributes ?? {}, 'attributes'),
  };
}

/** A file that is not a model, or that contradicts itself. */
export class InvalidModel extends Error {
  override readonly name = 'InvalidModel';
}

/** The objective's sections hold its parameters under the names that hyperparameters have. */
function readObjective(value: unknown, numClass: number) {
  const { name, ...sections } = object(value, 'objective');
  const hyperparameters: Record<string, string> = { objective: String(name) };
  for (const [section, content] of Object.entries(sections)) {
    Object.assign(hyperparameters, strings(content, section));
  }
  if (numClass > 0) hyperparameters.num_class = String(numClass);
  return createObjective(parseParameters(hyperparameters));
}

function readTree(value: unknown, featureCount: number): Tree {
  const tree = object(value, 'a tree');
  const parameters = strings(tree.tree_param, 'tree_param');
  const nodeCount = Number(parameters.num_nodes);
  if (!(nodeCount >= 1)) throw new InvalidModel('a tree has no nodes');
  const values = (name: string): number[] => numbers(tree[name], name, nodeCount);
  if (tree.split_type !== undefined && values('split_type').some((type) => type !== 0)) {
    throw new UnsupportedByLocalTrainer('model', 'models with categorical splits');
  }
  const read: Tree = {
    parents: Int32Array.from(values('parents')),
    leftChildren: Int32Array.from(values('left_children')),
    rightChildren: Int32Array.from(values('right_children')),
    splitIndices: Int32Array.from(values('split_indices')),
    splitConditions: Float32Array.from(values('split_conditions')),
    // Booleans in files of some versions, 0 and 1 in others.
    defaultLeft: Uint8Array.from(array(tree.default_left, 'default_left', nodeCount), (flag) => Number(flag)),
    lossChanges: Float32Array.from(values('loss_changes')),
    sumHessian: Float32Array.from(values('sum_hessian')),
    baseWeights: Float32Array.from(values('base_weights')),
    deletedCount: Number(parameters.num_deleted),
  };
  checkStructure(read, featureCount);
  return read;
}

/**
 * Every child must name its node as its parent. Then no walk from the root can come back to a node, so a broken file
 * cannot keep `predict` busy for ever.
 */
function checkStructure(tree: Tree, featureCount: number): void {
  const { parents, leftChildren, rightChildren, splitIndices } = tree;
  for (let node = 0; node < parents.length; node++) {
    const left = leftChildren[node]!;
    if (left === -1) continue;
    for (const child of [left, rightChildren[node]!]) {
      if (!(child > 0) || parents[child] !== node)
        throw new InvalidModel(`node ${node} has no proper children`);
    }
    if (!(splitIndices[node]! >= 0 && splitIndices[node]! < featureCount)) {
      throw new InvalidModel(`node ${node} splits a feature that the model does not have`);
    }
  }
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidModel(`${what} is missing`);
  return value as Record<string, unknown>;
}

function strings(value: unknown, what: string): Record<string, string> {
  return Object.fromEntries(Object.entries(object(value, what)).map(([name, text]) => [name, String(text)]));
}

function array(value: unknown, what: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidModel(`${what} is missing`);
  if (length !== undefined && value.length !== length) {
    throw new InvalidModel(`${what} has ${value.length} entries instead of ${length}`);
  }
  return value as readonly unknown[];
}

function numbers(value: unknown, what: string, length: number): number[] {
  const found = array(value, what, length);
  if (!found.every((entry) => typeof entry === 'number'))
    throw new InvalidModel(`${what} has entries that are not numbers`);
  return found as number[];
}
