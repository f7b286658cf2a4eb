import type { CsvColumn } from './csvProfile.ts';

/** The objective that XGBoost takes when none is sent. */
export const defaultObjective = 'reg:squarederror';

/** Objectives that need `num_class`. */
export function isMulticlass(objective: string): boolean {
  return objective === 'multi:softmax' || objective === 'multi:softprob';
}

/** The metric that XGBoost reports for an objective by itself, under the name that SageMaker takes. */
export function metricFor(objective: string): string {
  return metrics.find(([pattern]) => pattern.test(objective))?.[1] ?? 'rmse';
}

// https://xgboost.readthedocs.io/en/release_1.7.0/parameter.html#learning-task-parameters
const metrics: readonly (readonly [objective: RegExp, metric: string])[] = [
  [/^binary:hinge$/, 'error'],
  [/^(?:binary:|reg:logistic$)/, 'logloss'],
  [/^multi:/, 'mlogloss'],
  [/^rank:map$/, 'map'],
  [/^rank:/, 'ndcg'],
  [/^count:poisson$/, 'poisson-nloglik'],
  [/^reg:gamma$/, 'gamma-nloglik'],
  [/^reg:tweedie$/, 'tweedie-nloglik'],
  [/^reg:squaredlogerror$/, 'rmsle'],
  [/^reg:pseudohubererror$/, 'mphe'],
  [/^reg:absoluteerror$/, 'mae'],
  [/^survival:cox$/, 'cox-nloglik'],
  [/^survival:aft$/, 'aft-nloglik'],
];

/** An objective with the hyperparameters that go with it. */
export interface ObjectiveGuess {
  readonly objective: 'reg:squarederror' | 'binary:logistic' | 'multi:softprob';
  /** Set for several classes. */
  readonly classCount?: number;
}

/**
 * The objective that fits a label: 0 and 1 are two classes, all whole numbers from 0 up to 19 at most are several
 * classes, and everything else is a quantity.
 */
export function guessObjective(label: CsvColumn | undefined): ObjectiveGuess {
  const classCount = label && classesOf(label);
  if (classCount === undefined || classCount < 2) return { objective: defaultObjective };
  return classCount === 2 ? { objective: 'binary:logistic' } : { objective: 'multi:softprob', classCount };
}

/** How many classes a label has when it holds 0, 1, 2, … without a gap; `undefined` for any other. */
export function classesOf({ distinctCount, distinctExamples, textCount }: CsvColumn): number | undefined {
  if (textCount > 0 || distinctExamples.length < distinctCount) return undefined;
  const values = new Set(distinctExamples.filter((text) => text.trim() !== '').map(Number));
  const isClass = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < values.size;
  return values.size > 0 && [...values].every(isClass) ? values.size : undefined;
}
