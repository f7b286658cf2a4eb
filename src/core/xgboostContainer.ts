import type { Hyperparameter } from './hyperparameter.ts';
import { canonicalName, findHyperparameter, imageHas, isInRange, valuesIn } from './hyperparameters.ts';
import { hyperparameters } from './hyperparameters.generated.ts';
import { thresholdMetrics } from './metrics.generated.ts';
import {
  parsePythonFloat,
  parsePythonInt,
  parsePythonLiteral,
  PythonFloat,
  pythonRepr,
  pythonStr,
  PythonSyntaxError,
  PythonTuple,
  type PythonValue,
} from './pythonLiteral.ts';
import {
  channelRefusal,
  type ContainerChannel,
  fileTypeOf,
  type FileType,
  type Refusal,
} from './xgboostChannels.ts';

export interface ContainerContext {
  readonly channels: Readonly<Record<string, ContainerChannel>>;
  /** A version of the image; one that isn't known, such as `latest`, is taken for the newest. */
  readonly version: string;
}

/** A hyperparameter as the container uses it. */
export type ParsedHyperparameter = number | string | readonly ParsedHyperparameter[];

/** What the container says of a job before it looks at the data. */
export type ContainerVerdict =
  | {
      readonly outcome: 'accepted';
      readonly parsed: Readonly<Record<string, ParsedHyperparameter>>;
      readonly fileType: FileType;
    }
  | ({ readonly outcome: 'rejected'; readonly stage: 'hyperparameters' | 'channels' } & Refusal);

/**
 * Checks hyperparameters and channels as the XGBoost container does when it starts: the same order, the first error
 * only, and its own words.
 * https://github.com/aws/sagemaker-xgboost-container (sagemaker_algorithm_toolkit, algorithm_mode)
 */
export function validateHyperparameters(
  hyperparameters: Readonly<Record<string, string>>,
  { channels, version }: ContainerContext,
): ContainerVerdict {
  const parsed = checkedHyperparameters(hyperparameters, version);
  if (parsed instanceof Refused) {
    return { outcome: 'rejected', stage: 'hyperparameters', ...parsed.refusal };
  }
  const refusal = channelRefusal(channels);
  if (refusal) return { outcome: 'rejected', stage: 'channels', ...refusal };
  const values = [...parsed].map(([name, value]) => [name, plainValue(value)]);
  return {
    outcome: 'accepted',
    parsed: Object.fromEntries(values) as Record<string, ParsedHyperparameter>,
    fileType: fileTypeOf(channels),
  };
}

/** How a refused job's FailureReason begins: the service keeps the first 1024 characters of the container's words. */
export function failureReasonOf({ errorClass, message }: Refusal): string {
  const exception = errorClass.startsWith('Uncaught:')
    ? errorClass.slice('Uncaught:'.length)
    : `sagemaker_algorithm_toolkit.exceptions.${errorClass}`;
  const trace = `Traceback (most recent call last):\n${exception}: ${message}`;
  return `AlgorithmError: framework error: \n${trace}`.slice(0, 1024);
}

/** Carries a refusal out of the steps of the check; never leaves this file. */
class Refused {
  constructor(readonly refusal: Refusal) {}
}

function refuse(field: string, message: string, errorClass = 'UserError'): Refused {
  return new Refused({ errorClass, message, field });
}

type Values = ReadonlyMap<string, PythonValue>;

function checkedHyperparameters(texts: Readonly<Record<string, string>>, version: string): Values | Refused {
  // Entries for the platform are taken out before the container looks. Of a name and its alias the later one wins, at
  // the place of the first.
  const own = Object.entries(texts).filter(([name]) => !name.startsWith('sagemaker_'));
  const given = new Map(own.map(([name, text]) => [canonicalName(name), text]));
  for (const { name, required } of hyperparameters) {
    if (required && !given.has(name)) return refuse(name, `Missing required hyperparameter: ${name}`);
  }
  const values = new Map<string, PythonValue>();
  for (const [name, text] of given) {
    const hyperparameter = findHyperparameter(name);
    if (!hyperparameter || !imageHas(version, hyperparameter.sinceImage)) {
      return refuse(name, `Extraneous hyperparameter found: ${name}`);
    }
    const value = parse(hyperparameter, text);
    if (value instanceof Refused) return value;
    values.set(name, value);
  }
  for (const [name, value] of values) {
    const hyperparameter = findHyperparameter(name);
    const refused = hyperparameter && rangeRefusal(hyperparameter, value, version);
    if (refused) return refused;
  }
  for (const name of dependenciesFirst([...values.keys()])) {
    const refused = dependencyRefusal(name, values);
    if (refused) return refused;
  }
  return values;
}

function parse({ name, type }: Hyperparameter, text: string): PythonValue | Refused {
  const unparsable = refuse(name, `Hyperparameter ${name}: could not parse value (caused by ValueError)`);
  switch (type) {
    case 'integer':
      return parsePythonInt(text) ?? unparsable;
    case 'float': {
      const value = parsePythonFloat(text);
      return value === undefined ? unparsable : new PythonFloat(value);
    }
    case 'enum':
      return text;
    case 'comma-list':
      return text.split(',');
    case 'tuple-of-int':
    case 'nested-list-of-int':
      try {
        return parsePythonLiteral(text);
      } catch (error) {
        if (!(error instanceof PythonSyntaxError)) throw error;
        // One is read with eval, the other with ast.literal_eval, which alone turns a name into a ValueError.
        if (error.unknownName === undefined) return refuse(name, error.message, 'Uncaught:SyntaxError');
        return type === 'tuple-of-int' ? refuse(name, error.message, 'Uncaught:NameError') : unparsable;
      }
  }
}

function rangeRefusal(
  hyperparameter: Hyperparameter,
  value: PythonValue,
  version: string,
): Refused | undefined {
  const { name, type, range } = hyperparameter;
  switch (type) {
    case 'integer':
    case 'float': {
      const number = value instanceof PythonFloat ? value.value : Number(pythonStr(value));
      if (!range || isInRange(number, range)) return undefined;
      return refuse(name, `Hyperparameter ${name}: ${pythonStr(value)} is not in ${range.text}`);
    }
    case 'enum': {
      const values = valuesIn(version, hyperparameter);
      if (values.includes(pythonStr(value))) return undefined;
      return refuse(name, `Hyperparameter ${name}: ${pythonStr(value)} is not in ${pythonRepr(values)}`);
    }
    case 'comma-list': {
      const values = valuesIn(version, hyperparameter);
      for (const item of itemsOf(value) ?? []) {
        const refused = name === 'eval_metric' ? thresholdRefusal(pythonStr(item)) : undefined;
        if (refused) return refused;
        if (!values.includes(pythonStr(item)) && !isThresholdMetric(name, pythonStr(item))) {
          return refuse(
            name,
            `Hyperparameter ${name}: value ${pythonRepr(value)} not in range ${pythonRepr(values)}`,
          );
        }
      }
      return undefined;
    }
    case 'tuple-of-int':
    case 'nested-list-of-int':
      return structureRefusal(hyperparameter, value);
  }
}

function structureRefusal(
  { name, type, values, range }: Hyperparameter,
  value: PythonValue,
): Refused | undefined {
  const outer = itemsOf(value);
  const elements = type === 'tuple-of-int' ? outer : flattened(outer);
  if (!elements) {
    const message = `Hyperparameter ${name}: unexpected failure when validating ${pythonStr(value)}`;
    return refuse(name, `${message} (caused by TypeError)`, 'AlgorithmError');
  }
  const allowed = (element: PythonValue): boolean => {
    const number = element instanceof PythonFloat ? element.value : element;
    if (typeof number !== 'number') return false;
    return range ? isInRange(number, range) : (values ?? []).includes(String(number));
  };
  if (elements.every(allowed)) return undefined;
  const rangeText = range?.text ?? `[${(values ?? []).join(', ')}]`;
  return refuse(name, `Hyperparameter ${name}: value ${pythonStr(value)} not in range ${rangeText}`);
}

function flattened(outer: readonly PythonValue[] | undefined): readonly PythonValue[] | undefined {
  const inner = outer?.map(itemsOf);
  return inner?.every((items) => items !== undefined) ? inner.flat() : undefined;
}

function itemsOf(value: PythonValue): readonly PythonValue[] | undefined {
  if (value instanceof PythonTuple) return value.items;
  return Array.isArray(value) ? (value as readonly PythonValue[]) : undefined;
}

function isThresholdMetric(name: string, item: string): boolean {
  return name === 'eval_metric' && item.includes('@');
}

function thresholdRefusal(metric: string): Refused | undefined {
  const [name = '', threshold] = metric.split('@').map((part) => part.trim());
  if (threshold === undefined) return undefined;
  if (!thresholdMetrics.includes(name)) {
    return refuse(
      'eval_metric',
      `Metric '${metric}' is not supported. Parameter 'eval_metric' with customized threshold should be one of ` +
        `these options: ${thresholdMetrics.map((each) => `'${each}'`).join(', ')}.`,
    );
  }
  if (parsePythonFloat(threshold) !== undefined) return undefined;
  return refuse('eval_metric', `Threshold value 't' in '${name}@t' expects float input.`);
}

/** The order of the container: each after those that its check looks at. */
function dependenciesFirst(names: readonly string[]): readonly string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    for (const earlier of findHyperparameter(name)?.checkedAfter ?? []) {
      if (names.includes(earlier) && !ordered.has(earlier)) visit(earlier);
    }
    ordered.add(name);
  };
  names.forEach(visit);
  return [...ordered];
}

function dependencyRefusal(name: string, values: Values): Refused | undefined {
  const word = (other: string): string | undefined => {
    const value = values.get(other);
    return typeof value === 'string' ? value : undefined;
  };
  const list = (): readonly string[] => (itemsOf(values.get(name) ?? []) ?? []).map(pythonStr);
  switch (name) {
    case 'objective':
      if (!/^multi:soft(max|prob)$/.test(word('objective') ?? '') || values.has('num_class'))
        return undefined;
      return refuse(name, "Require input for parameter 'num_class' for multi-classification");
    case 'eval_metric':
      return metricRefusal(list(), word('objective'));
    case 'monotone_constraints':
      if (['exact', 'hist'].includes(word('tree_method') ?? '')) return undefined;
      return refuse(
        name,
        `${name} can be used only when the tree_method parameter is set to either 'exact' or 'hist'.`,
      );
    case 'interaction_constraints':
      if (['exact', 'hist', 'approx'].includes(word('tree_method') ?? '')) return undefined;
      return refuse(
        name,
        `${name} can be used only when the tree_method parameter is set to either 'exact', 'hist' or 'approx'.`,
      );
    case 'updater':
      return updaterRefusal(list(), word('booster'), word('process_type'));
    default:
      return undefined;
  }
}

function metricRefusal(metrics: readonly string[], objective: string | undefined): Refused | undefined {
  // The container looks the objective up without asking whether it was sent.
  if (objective === undefined) return refuse('eval_metric', "'objective'", 'Uncaught:KeyError');
  if (metrics.includes('auc') && !/^(binary|rank):/.test(objective)) {
    return refuse('eval_metric', "Metric 'auc' can only be applied for classification and ranking problems.");
  }
  if (metrics.includes('aft-nloglik') && objective !== 'survival:aft') {
    return refuse('eval_metric', "Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.");
  }
  return undefined;
}

const linearUpdaters: readonly string[] = ['shotgun', 'coord_descent'];
const growers: readonly string[] = ['grow_colmaker', 'distcol', 'grow_histmaker'];

function updaterRefusal(
  updaters: readonly string[],
  booster: string | undefined,
  processType: string | undefined,
): Refused | undefined {
  if (booster === 'gblinear') {
    if (updaters.length === 1 && linearUpdaters.includes(updaters[0] ?? '')) return undefined;
    return refuse('updater', "Linear updater should be one of these options: 'shotgun', 'coord_descent'.");
  }
  if (processType === 'update') {
    if (updaters.every((each) => ['refresh', 'prune'].includes(each))) return undefined;
    return refuse('updater', "process_type 'update' can only be used with updater 'refresh' and 'prune'");
  }
  if (updaters.some((each) => linearUpdaters.includes(each))) {
    return refuse(
      'updater',
      "Tree updater should be selected from these options: 'grow_colmaker', 'distcol', 'grow_histmaker', " +
        "'grow_local_histmaker', 'grow_skmaker', 'grow_quantile_histmaker', 'sync', 'refresh', 'prune', " +
        "'shortgun', 'coord_descent'.",
    );
  }
  if (updaters.filter((each) => growers.includes(each)).length <= 1) return undefined;
  return refuse(
    'updater',
    "Only one tree grow plugin can be selected. Choose one from thefollowing: 'grow_colmaker', 'distcol', " +
      "'grow_histmaker', 'grow_local_histmaker', 'grow_skmaker'",
  );
}

function plainValue(value: PythonValue): ParsedHyperparameter {
  if (value instanceof PythonFloat) return value.value;
  const items = itemsOf(value);
  if (items) return items.map(plainValue);
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new Error('No hyperparameter is a dictionary.');
}
