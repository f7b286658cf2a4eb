import { XgboostError } from './errors.ts';
import { expf, f32, logf, sigmoid } from './float32.ts';
import type { Parameters } from './parameters.ts';

/** First and second derivatives of the loss by the margin, one a row. */
export interface Gradients {
  readonly gradient: Float32Array;
  readonly hessian: Float32Array;
}

/**
 * What is learned: the loss and its link. Margins are the raw sums of leaves, row-major,
 * `margins[row * groupCount + group]`; gradients are one pair of arrays a group, because each group grows its own tree.
 */
export interface Objective {
  /** XGBoost's name, aliases resolved. */
  readonly name: string;
  /** Trees a round, one a class for multi-class objectives. */
  readonly groupCount: number;
  readonly defaultMetric: string;
  /** Throws an `XgboostError` for labels that XGBoost refuses, in its words. */
  checkLabels(labels: Float32Array): void;
  computeGradients(margins: Float32Array, labels: Float32Array, groups: readonly Gradients[]): void;
  /** Margins to what metrics and users read: values, probabilities or counts; same layout. */
  transform(margins: Float32Array): Float32Array;
  /** The margin that stands for a `base_score`. */
  baseMargin(baseScore: number): number;
  /** The objective's own section of XGBoost's JSON model. */
  readonly json: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Hessians never go below this, so that a confident leaf can still move. */
const smallestHessian = f32(1e-16);

export function createObjective(parameters: Parameters): Objective {
  switch (parameters.objective) {
    case 'reg:squarederror':
      return squaredError(parameters);
    case 'reg:logistic':
      return logistic(parameters, 'rmse');
    case 'binary:logistic':
      return logistic(parameters, 'logloss');
    case 'multi:softmax':
    case 'multi:softprob':
      return softmax(parameters);
    case 'count:poisson':
      return poisson(parameters);
  }
}

function squaredError({ objective, scalePosWeight }: Parameters): Objective {
  return {
    name: objective,
    groupCount: 1,
    defaultMetric: 'rmse',
    checkLabels: () => undefined,
    computeGradients(margins, labels, groups) {
      const { gradient, hessian } = groups[0]!;
      for (let row = 0; row < labels.length; row++) {
        const label = labels[row]!;
        // XGBoost weighs positive rows here too, whatever a label of 1 may mean in a regression.
        const weight = label === 1 ? scalePosWeight : 1;
        gradient[row] = f32(margins[row]! - label) * weight;
        hessian[row] = weight;
      }
    },
    transform: (margins) => margins,
    baseMargin: (baseScore) => baseScore,
    json: { reg_loss_param: { scale_pos_weight: formatFloat(scalePosWeight) } },
  };
}

function logistic({ objective, scalePosWeight }: Parameters, defaultMetric: string): Objective {
  return {
    name: objective,
    groupCount: 1,
    defaultMetric,
    checkLabels: (labels) =>
      requireLabels(
        labels,
        (label) => label >= 0 && label <= 1,
        'label must be in [0,1] for logistic regression',
      ),
    computeGradients(margins, labels, groups) {
      const { gradient, hessian } = groups[0]!;
      for (let row = 0; row < labels.length; row++) {
        const label = labels[row]!;
        const weight = label === 1 ? scalePosWeight : 1;
        const probability = sigmoid(margins[row]!);
        gradient[row] = f32(probability - label) * weight;
        hessian[row] = Math.max(f32(probability * f32(1 - probability)), smallestHessian) * weight;
      }
    },
    transform: (margins) => margins.map(sigmoid),
    baseMargin(baseScore) {
      if (!(baseScore > 0 && baseScore < 1)) {
        throw new XgboostError(
          `base_score must be in (0,1) for logistic loss, got: ${formatFloat(baseScore)}`,
        );
      }
      return f32(-logf(f32(f32(1 / baseScore) - 1)));
    },
    json: { reg_loss_param: { scale_pos_weight: formatFloat(scalePosWeight) } },
  };
}

function poisson({ objective, maxDeltaStep }: Parameters): Objective {
  return {
    name: objective,
    groupCount: 1,
    defaultMetric: 'poisson-nloglik',
    checkLabels: (labels) =>
      requireLabels(labels, (label) => label >= 0, 'PoissonRegression: label must be nonnegative'),
    computeGradients(margins, labels, groups) {
      const { gradient, hessian } = groups[0]!;
      for (let row = 0; row < labels.length; row++) {
        const margin = margins[row]!;
        gradient[row] = expf(margin) - labels[row]!;
        // The step limit makes the hessian an upper bound within one step.
        hessian[row] = expf(f32(margin + maxDeltaStep));
      }
    },
    transform: (margins) => margins.map(expf),
    baseMargin: logf,
    json: { poisson_regression_param: { max_delta_step: formatFloat(maxDeltaStep) } },
  };
}

/** XGBoost starts the search for the largest margin at the smallest positive float, not at the first margin. */
const smallestPositiveFloat = 1.1754943508222875e-38;

function softmax({ objective, numClass }: Parameters): Objective {
  return {
    name: objective,
    groupCount: numClass,
    defaultMetric: 'mlogloss',
    checkLabels: (labels) =>
      requireLabels(
        labels,
        (label) => label >= 0 && label < numClass,
        'SoftmaxMultiClassObj: label must be in [0, num_class).',
      ),
    computeGradients(margins, labels, groups) {
      const exponentials = new Float32Array(numClass);
      for (let row = 0; row < labels.length; row++) {
        const begin = row * numClass;
        let largest = smallestPositiveFloat;
        for (let k = 0; k < numClass; k++) largest = Math.max(largest, margins[begin + k]!);
        let sum = 0;
        for (let k = 0; k < numClass; k++) {
          exponentials[k] = expf(f32(margins[begin + k]! - largest));
          sum += exponentials[k]!;
        }
        sum = f32(sum);
        for (let k = 0; k < numClass; k++) {
          const probability = f32(exponentials[k]! / sum);
          const { gradient, hessian } = groups[k]!;
          gradient[row] = labels[row] === k ? probability - 1 : probability;
          hessian[row] = Math.max(f32(f32(2 * probability) * f32(1 - probability)), smallestHessian);
        }
      }
    },
    transform(margins) {
      const probabilities = margins.slice();
      for (let begin = 0; begin < margins.length; begin += numClass)
        softmaxInPlace(probabilities, begin, numClass);
      return probabilities;
    },
    baseMargin: (baseScore) => baseScore,
    json: { softmax_multiclass_param: { num_class: String(numClass) } },
  };
}

function softmaxInPlace(values: Float32Array, begin: number, count: number): void {
  let largest = values[begin]!;
  for (let k = 1; k < count; k++) largest = Math.max(largest, values[begin + k]!);
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const exponential = expf(f32(values[begin + k]! - largest));
    values[begin + k] = exponential;
    sum += exponential;
  }
  sum = f32(sum);
  for (let k = 0; k < count; k++) values[begin + k]! /= sum;
}

function requireLabels(labels: Float32Array, isValid: (label: number) => boolean, message: string): void {
  if (!labels.every(isValid)) throw new XgboostError(message);
}

/** A float32 with up to nine digits, as C++ streams print XGBoost's parameters (`%.9g`). */
export function formatFloat(value: number): string {
  const rounded = Number(value.toPrecision(9));
  const exponent = Number(rounded.toExponential().split('e')[1]);
  if (exponent >= -4 && exponent < 9) return String(rounded);
  return rounded.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
