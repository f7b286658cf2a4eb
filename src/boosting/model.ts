import type { CancellationCheck } from './cancellationCheck.ts';
import { columnsForFeatures, type DataMatrix } from './matrix.ts';
import { likeliestClass } from './metrics.ts';
import type { Objective } from './objectives.ts';
import { addTreeToMargins, type Tree } from './tree.ts';

/** A trained ensemble: what XGBoost saves, and enough to predict. */
export interface Model {
  readonly objective: Objective;
  readonly featureCount: number;
  /** In the user's scale, not the margin's. */
  readonly baseScore: number;
  /** Whether the base score was left to XGBoost; recorded in the file only. */
  readonly boostFromAverage: boolean;
  readonly trees: readonly Tree[];
  /** Group (class) of each tree: 0, 1, 2, 0, 1, 2, … */
  readonly treeGroups: readonly number[];
  /** XGBoost's booster attributes, such as `best_iteration`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What one call of `predict` gives: `values[row * columns + column]`. */
export interface Predictions {
  readonly values: Float32Array;
  /** Values a row: the number of classes for `multi:softprob`, else one. */
  readonly columns: number;
}

/** The margins before any tree. */
export function baseMargins(model: Pick<Model, 'objective' | 'baseScore'>, rowCount: number): Float32Array {
  const { objective, baseScore } = model;
  return new Float32Array(rowCount * objective.groupCount).fill(objective.baseMargin(baseScore));
}

/**
 * Predicts in the scale of the objective: a value, a probability, a count, class probabilities, or the number of the
 * class for `multi:softmax`.
 */
export function predict(
  model: Model,
  matrix: DataMatrix,
  check: CancellationCheck = () => undefined,
): Predictions {
  const { objective } = model;
  const { groupCount } = objective;
  const columns = columnsForFeatures(matrix, model.featureCount);
  const margins = baseMargins(model, matrix.rowCount);
  model.trees.forEach((tree, i) => {
    addTreeToMargins(tree, columns, margins, model.treeGroups[i]!, groupCount, check);
  });
  const values = objective.transform(margins);
  if (objective.name !== 'multi:softmax') return { values, columns: groupCount };
  const classes = new Float32Array(matrix.rowCount);
  for (let row = 0; row < classes.length; row++) {
    classes[row] = likeliestClass(values, row * groupCount, groupCount);
  }
  return { values: classes, columns: 1 };
}
