import { hyperparameterAliases, unsupportedHyperparameters } from '../core/localTrainer.ts';
import { parseDecimal } from './decimal.ts';
import { UnsupportedByLocalTrainer, XgboostError } from './errors.ts';
import { f32 } from './float32.ts';

/** What governs a single tree; fractions are float32, as XGBoost keeps them. */
export interface TreeParameters {
  readonly eta: number;
  /** 0 is no limit. */
  readonly maxDepth: number;
  readonly minChildWeight: number;
  readonly gamma: number;
  readonly lambda: number;
  readonly alpha: number;
  /** 0 is no limit. */
  readonly maxDeltaStep: number;
  readonly subsample: number;
  readonly colsampleByTree: number;
  readonly colsampleByLevel: number;
  readonly maxBin: number;
  readonly seed: number;
}

export type ObjectiveName =
  | 'reg:squarederror'
  | 'reg:logistic'
  | 'binary:logistic'
  | 'multi:softmax'
  | 'multi:softprob'
  | 'count:poisson';

/** XGBoost's training parameters, read from hyperparameters; what was not given has the default of version 1.7. */
export interface Parameters extends TreeParameters {
  readonly objective: ObjectiveName;
  readonly treeMethod: 'auto' | 'exact' | 'hist';
  /** 0 unless the objective has several classes. */
  readonly numClass: number;
  readonly scalePosWeight: number;
  readonly baseScore: number;
  /** Whether `base_score` was given; models record it. */
  readonly hasBaseScore: boolean;
  /** In the order given; empty when the objective's own metric is used. */
  readonly evalMetrics: readonly string[];
}

/**
 * Reads hyperparameters as SageMaker passes them, strings. What concerns the job and not the engine (`num_round`,
 * `early_stopping_rounds`, threads, verbosity) is left alone.
 *
 * Throws `UnsupportedByLocalTrainer` for what the engine cannot do and `XgboostError` for values XGBoost refuses.
 */
export function parseParameters(hyperparameters: Readonly<Record<string, string>>): Parameters {
  const [unsupported] = unsupportedHyperparameters(hyperparameters);
  if (unsupported !== undefined) throw new UnsupportedByLocalTrainer(unsupported.name, unsupported.what);

  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(hyperparameters)) {
    given[hyperparameterAliases[name] ?? name] = value.trim();
  }
  const float = (name: string, byDefault: number, range: Range = atLeastZero): number =>
    given[name] === undefined ? f32(byDefault) : parseFloatParameter(name, given[name], range);
  const integer = (name: string, byDefault: number, range: Range = atLeastZero): number =>
    given[name] === undefined ? byDefault : parseIntegerParameter(name, given[name], range);

  const objective = parseObjective(given.objective);
  const isMultiClass = objective === 'multi:softmax' || objective === 'multi:softprob';
  const numClass = integer('num_class', 0);
  if (isMultiClass && numClass < 1) {
    throw new XgboostError('value 0 for Parameter num_class should be greater equal to 1');
  }
  if (!isMultiClass && numClass > 1) {
    throw new XgboostError(`num_class is ${numClass}, but ${objective} predicts one value a row`);
  }
  return {
    objective,
    treeMethod: (given.tree_method ?? 'auto') as Parameters['treeMethod'],
    numClass: isMultiClass ? numClass : 0,
    scalePosWeight: float('scale_pos_weight', 1),
    baseScore: float('base_score', 0.5, anyNumber),
    hasBaseScore: given.base_score !== undefined,
    evalMetrics:
      given.eval_metric === undefined ? [] : given.eval_metric.split(',').map((metric) => metric.trim()),
    eta: float('eta', 0.3),
    maxDepth: integer('max_depth', 6),
    minChildWeight: float('min_child_weight', 1),
    gamma: float('gamma', 0),
    lambda: float('lambda', 1),
    alpha: float('alpha', 0),
    maxDeltaStep: float('max_delta_step', objective === 'count:poisson' ? 0.7 : 0),
    subsample: float('subsample', 1, share),
    colsampleByTree: float('colsample_bytree', 1, share),
    colsampleByLevel: float('colsample_bylevel', 1, share),
    maxBin: integer('max_bin', 256, { minimum: 2 }),
    seed: integer('seed', 0, anyNumber),
  };
}

function parseObjective(given: string | undefined): ObjectiveName {
  // `reg:linear` is XGBoost's older name; other unknown names were refused before.
  return given === undefined || given === 'reg:linear' ? 'reg:squarederror' : (given as ObjectiveName);
}

interface Range {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

const anyNumber: Range = {};
const atLeastZero: Range = { minimum: 0 };
const share: Range = { exclusiveMinimum: 0, maximum: 1 };

function parseFloatParameter(name: string, text: string, range: Range): number {
  const value = Number(text.replaceAll('_', ''));
  if (text === '' || Number.isNaN(value)) {
    throw new XgboostError(`Invalid Parameter format for ${name} expect float but value='${text}'`);
  }
  checkRange(name, text, value, range);
  // The container parses with Python and hands Python's text on to XGBoost, which reads it by its own rule.
  return parseDecimal(pythonText(value));
}

/** A number as Python prints it: the shortest digits, with an exponent below 1e-4 and from 1e16. */
function pythonText(value: number): string {
  const magnitude = Math.abs(value);
  return magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16) ? value.toExponential() : String(value);
}

function parseIntegerParameter(name: string, text: string, range: Range): number {
  const digits = text.replaceAll('_', '');
  if (!/^[+-]?\d+$/.test(digits)) {
    throw new XgboostError(`Invalid Parameter format for ${name} expect int but value='${text}'`);
  }
  const value = Number(digits);
  checkRange(name, text, value, range);
  return value;
}

function checkRange(name: string, text: string, value: number, range: Range): void {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = range;
  if (value >= minimum && value <= maximum && (value > exclusiveMinimum || exclusiveMinimum === -Infinity))
    return;
  const bounds =
    maximum === Infinity
      ? `should be greater equal to ${minimum}`
      : `exceed bound [${Math.max(minimum, exclusiveMinimum)},${maximum}]`;
  throw new XgboostError(`value ${text} for Parameter ${name} ${bounds}`);
}
