import { UnsupportedByLocalTrainer, XgboostError } from './errors.ts';
import { f32, logf } from './float32.ts';
import { sortColumn } from './sortedColumn.ts';

/** How good predictions are, as XGBoost 1.7 measures it (src/metric/). */
export interface Metric {
  /** As it is printed: `rmse`, `error@0.7`. */
  readonly name: string;
  /** Whether early stopping looks for the greatest value. */
  readonly maximize: boolean;
  /**
   * Predictions are transformed (probabilities, not margins) and row-major,
   * `predictions[row * groupCount + group]`.
   */
  evaluate(predictions: Float32Array, labels: Float32Array, groupCount: number): number;
}

/** The metric of an entry of `eval_metric`, for an objective with so many groups. */
export function createMetric(entry: string, groupCount: number): Metric {
  const [kind, threshold] = splitThreshold(entry);
  if (groupCount > 1 && kind === 'auc') {
    throw new UnsupportedByLocalTrainer('eval_metric', 'the metric auc with several classes');
  }
  const forClasses = kind === 'merror' || kind === 'mlogloss';
  if (groupCount > 1 && !forClasses) {
    throw new XgboostError(
      'label and prediction size not match, hint: use merror or mlogloss for multi-class classification',
    );
  }
  if (groupCount === 1 && forClasses) {
    throw new XgboostError(
      'mlogloss and merror are only used for multi-class classification, use logloss for binary classification',
    );
  }
  switch (kind) {
    case 'rmse':
      return {
        name: kind,
        maximize: false,
        evaluate: (predictions, labels) => Math.sqrt(rowMean(predictions, labels, squaredDifference)),
      };
    case 'mae':
      return rowMetric(kind, (prediction, label) => Math.abs(f32(label - prediction)));
    case 'logloss':
      return rowMetric(kind, logLoss);
    case 'error':
      return rowMetric(printedMetricName(entry), (prediction, label) =>
        prediction > threshold ? f32(1 - label) : label,
      );
    case 'poisson-nloglik':
      return rowMetric(kind, poissonNegativeLogLikelihood);
    case 'auc':
      return { name: kind, maximize: true, evaluate: areaUnderCurve };
    case 'merror':
      return { name: kind, maximize: false, evaluate: classError };
    case 'mlogloss':
      return { name: kind, maximize: false, evaluate: classLogLoss };
    default:
      throw new UnsupportedByLocalTrainer('eval_metric', `the metric ${entry}`);
  }
}

/** How a round's line names an entry of `eval_metric`: a threshold of a half is not printed, others shortly. */
export function printedMetricName(entry: string): string {
  const [kind, threshold] = splitThreshold(entry);
  return kind !== 'error' || threshold === 0.5 ? kind : `error@${Number(threshold.toPrecision(6))}`;
}

/** `error@0.7` is `error` with a threshold; without one it is a half. */
function splitThreshold(entry: string): [kind: string, threshold: number] {
  if (!entry.startsWith('error@')) return [entry, 0.5];
  return ['error', f32(Number(entry.slice('error@'.length)))];
}

type RowLoss = (prediction: number, label: number) => number;

function rowMetric(name: string, loss: RowLoss): Metric {
  return { name, maximize: false, evaluate: (predictions, labels) => rowMean(predictions, labels, loss) };
}

function rowMean(predictions: Float32Array, labels: Float32Array, loss: RowLoss): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += loss(predictions[row]!, labels[row]!);
  return sum / labels.length;
}

function squaredDifference(prediction: number, label: number): number {
  const difference = f32(label - prediction);
  return f32(difference * difference);
}

/** Probabilities are kept off zero, where the logarithm is infinite. */
const smallestProbability = f32(1e-16);

function logLoss(prediction: number, label: number): number {
  const positive = label === 0 ? 0 : f32(-label * logf(Math.max(prediction, smallestProbability)));
  const rest = Math.max(f32(1 - prediction), smallestProbability);
  const negative = label === 1 ? 0 : f32(-f32(1 - label) * logf(rest));
  return f32(positive + negative);
}

function poissonNegativeLogLikelihood(prediction: number, label: number): number {
  const mean = Math.max(prediction, smallestProbability);
  return logGamma(label + 1) + mean - Math.log(mean) * label;
}

function classError(predictions: Float32Array, labels: Float32Array, classCount: number): number {
  let wrong = 0;
  for (let row = 0; row < labels.length; row++) {
    if (likeliestClass(predictions, row * classCount, classCount) !== Math.trunc(labels[row]!)) wrong++;
  }
  return wrong / labels.length;
}

/** The first of the classes with the greatest probability, among `classCount` values from `begin`. */
export function likeliestClass(predictions: Float32Array, begin: number, classCount: number): number {
  let best = 0;
  for (let k = 1; k < classCount; k++) {
    if (predictions[begin + k]! > predictions[begin + best]!) best = k;
  }
  return best;
}

function classLogLoss(predictions: Float32Array, labels: Float32Array, classCount: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const probability = predictions[row * classCount + Math.trunc(labels[row]!)]!;
    sum += -logf(Math.max(probability, smallestProbability));
  }
  return sum / labels.length;
}

/** Area under the ROC curve by trapezoids over groups of equal predictions; NaN when only one class is present. */
function areaUnderCurve(predictions: Float32Array, labels: Float32Array): number {
  const { values, rows } = sortColumn(predictions);
  // Predictions that are not numbers have no order.
  if (rows.length < labels.length) return NaN;
  let truePositives = 0;
  let falsePositives = 0;
  let area = 0;
  for (let at = rows.length - 1; at >= 0;) {
    const prediction = values[at];
    let positives = 0;
    let negatives = 0;
    for (; at >= 0 && values[at] === prediction; at--) {
      const label = labels[rows[at]!]!;
      positives += label;
      negatives += 1 - label;
    }
    area += negatives * (truePositives + positives / 2);
    truePositives += positives;
    falsePositives += negatives;
  }
  return truePositives > 0 && falsePositives > 0 ? area / (truePositives * falsePositives) : NaN;
}

/** Lanczos' series for the logarithm of the gamma function; relative error below 2e-10 for positive arguments. */
export function logGamma(x: number): number {
  const shifted = x + 5.5;
  let series = 1.000000000190015;
  lanczosCoefficients.forEach((coefficient, i) => {
    series += coefficient / (x + 1 + i);
  });
  return (x + 0.5) * Math.log(shifted) - shifted + Math.log((2.5066282746310007 * series) / x);
}

const lanczosCoefficients = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.001208650973866179,
  -0.5395239384953e-5,
];
