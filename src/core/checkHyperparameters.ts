import type { Hyperparameter, NumberRange } from './hyperparameter.ts';
import { hyperparameters } from './hyperparameters.generated.ts';
import {
  canonicalName,
  choicesIn,
  findHyperparameter,
  imageHas,
  isInRange,
  valuesIn,
} from './hyperparameters.ts';
import { unsupportedHyperparameters } from './localTrainer.ts';
import { thresholdMetrics } from './metrics.generated.ts';
import { defaultObjective, isMulticlass, metricFor } from './objectives.ts';
import { parsePythonFloat, parsePythonInt, parsePythonLiteral, PythonSyntaxError } from './pythonLiteral.ts';
import type { DraftFix, FieldProblem } from './trainingDraft.ts';

/** What decides, besides the hyperparameters themselves, whether they make sense. */
export interface HyperparameterContext {
  /** A version of the image. */
  readonly version: string;
  readonly hasValidation: boolean;
  /** Whether the local trainer runs the job, so that its limits count. */
  readonly localTrainer: boolean;
  /** How many classes the label has, where it looks like classes. */
  readonly classCount?: number;
}

type Given = Readonly<Record<string, string>>;

/** What a user should know about hyperparameters before a launch, at the fields where it can be mended. */
export function checkHyperparameters(given: Given, context: HyperparameterContext): FieldProblem[] {
  const own = Object.entries(given).flatMap(([name, text]) => valueProblems(name, text, context));
  const wrong = new Set(own.filter(({ severity }) => severity === 'error').map(({ field }) => field));
  // Only what is right by itself is held against the others: one mistake, one message.
  const among = [...requiredProblems(given), ...crossProblems(given, context)];
  const local = context.localTrainer ? localProblems(given) : [];
  return [...own, ...[...among, ...local].filter(({ field }) => !wrong.has(field))];
}

function problem(
  name: string,
  severity: FieldProblem['severity'],
  message: string,
  ...fixes: readonly DraftFix[]
): FieldProblem {
  const field = `algorithm.hyperparameters.${name}` as const;
  return { field, severity, message, ...(fixes.length > 0 && { fixes }) };
}

function set(label: string, name: string, value: string | undefined): DraftFix {
  return { label, change: { kind: 'setHyperparameter', name, value } };
}

function remove(name: string): DraftFix {
  return set(`Remove ${name}`, name, undefined);
}

function valueProblems(
  name: string,
  text: string,
  { version }: HyperparameterContext,
): readonly FieldProblem[] {
  const known = findHyperparameter(name);
  if (!known) {
    const meant =
      otherNames[name] ??
      nearest(
        name,
        hyperparameters.map((each) => each.name),
      );
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    return [problem(name, 'error', `XGBoost on SageMaker has no "${name}".${hint}`, remove(name))];
  }
  if (!imageHas(version, known.sinceImage)) {
    const message = `Image ${version} has no ${name}; it came with ${known.sinceImage}.`;
    return [problem(name, 'error', message, remove(name))];
  }
  const wrong = wrongValue(known, text, version);
  if (wrong === undefined) return [];
  const fixes =
    wrong.instead === undefined ? [reset(name, known)] : [set(`Use ${wrong.instead}`, name, wrong.instead)];
  return [problem(name, 'error', wrong.message, ...fixes)];
}

function reset(name: string, { defaultValue }: Hyperparameter): DraftFix {
  if (name === 'num_round') return set('Use 100', name, '100');
  return defaultValue === undefined ? remove(name) : set(`Reset to ${defaultValue}`, name, undefined);
}

/** Names of other tools for the same thing. */
const otherNames: Readonly<Record<string, string>> = {
  n_estimators: 'num_round',
  num_boost_round: 'num_round',
  iterations: 'num_round',
  n_jobs: 'nthread',
  random_state: 'seed',
  silent: 'verbosity',
  device: 'tree_method',
};

interface WrongValue {
  readonly message: string;
  /** A value to use instead, when one is near. */
  readonly instead?: string;
}

function wrongValue(known: Hyperparameter, text: string, version: string): WrongValue | undefined {
  switch (known.type) {
    case 'integer':
    case 'float':
      return wrongNumber(known, text);
    case 'enum':
      return wrongChoice(known, text, version);
    case 'comma-list':
      return wrongList(known, text, version);
    case 'tuple-of-int':
    case 'nested-list-of-int':
      return wrongStructure(known, text);
  }
}

function wrongNumber({ name, type, range }: Hyperparameter, text: string): WrongValue | undefined {
  const value = type === 'integer' ? parsePythonInt(text) : parsePythonFloat(text);
  const limits = range === undefined ? '' : ` ${rangeWords(range)}`;
  if (value === undefined || Number.isNaN(value)) {
    return {
      message: `Must be a ${type === 'integer' ? 'whole number' : 'number'}${limits === '' ? '' : ','}${limits}.`,
    };
  }
  if (range && !isInRange(value, range)) {
    return { message: `Must be${limits}. XGBoost refuses ${text.trim()}.` };
  }
  // The container lets these through, and XGBoost then fails.
  if (name === 'max_bin' && value < 2)
    return { message: `Must be at least 2. XGBoost refuses ${text.trim()}.` };
  return undefined;
}

/** As in "Must be …": `more than 0 and at most 1`. */
function rangeWords({ min, minExclusive, max, maxExclusive }: NumberRange): string {
  const low = min === undefined ? '' : `${minExclusive ? 'more than' : 'at least'} ${min}`;
  const high = max === undefined ? '' : `${maxExclusive ? 'less than' : 'at most'} ${max}`;
  return [low, high].filter((part) => part !== '').join(' and ');
}

function wrongChoice(known: Hyperparameter, text: string, version: string): WrongValue | undefined {
  const choices = choicesIn(version, known);
  if (choices.includes(text)) return undefined;
  const since = known.valuesSince?.[text];
  const reason =
    since === undefined || imageHas(version, since)
      ? `XGBoost has no ${known.name} "${text}".`
      : `Image ${version} has no ${known.name} "${text}"; it came with ${since}.`;
  return instead(reason, text, choices);
}

function wrongList(known: Hyperparameter, text: string, version: string): WrongValue | undefined {
  const choices = valuesIn(version, known);
  for (const item of text.split(',')) {
    if (choices.includes(item)) continue;
    const trimmed = text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .join(',');
    if (trimmed !== text)
      return { message: 'Separate the names by commas only, without spaces.', instead: trimmed };
    if (known.name === 'eval_metric' && item.includes('@')) {
      const message = thresholdMessage(item);
      if (message === undefined) continue;
      return { message };
    }
    const wrong = instead(`XGBoost has no ${known.name} "${item}".`, item, choices);
    const list = (replacement: string): string =>
      text
        .split(',')
        .map((each) => (each === item ? replacement : each))
        .join(',');
    return wrong.instead === undefined ? wrong : { ...wrong, instead: list(wrong.instead) };
  }
  return undefined;
}

function thresholdMessage(metric: string): string | undefined {
  const [name = '', threshold = ''] = metric.split('@');
  if (!thresholdMetrics.includes(name))
    return `Only ${thresholdMetrics.join(', ')} take a threshold, as in error@0.7.`;
  return parsePythonFloat(threshold) === undefined ? `After @ comes a number, as in ${name}@0.7.` : undefined;
}

function wrongStructure({ type }: Hyperparameter, text: string): WrongValue | undefined {
  const example = type === 'tuple-of-int' ? '(1,-1,0)' : '[[1,2],[3,4]]';
  try {
    return typeof parsePythonLiteral(text) === 'number'
      ? { message: `Must look like ${example}.` }
      : undefined;
  } catch (error) {
    if (!(error instanceof PythonSyntaxError)) throw error;
    return { message: `Must look like ${example}.` };
  }
}

function instead(reason: string, text: string, choices: readonly string[]): WrongValue {
  const near = nearest(text, choices);
  if (near !== undefined) return { message: `${reason} Did you mean ${near}?`, instead: near };
  return { message: choices.length <= 6 ? `${reason} Choose one of ${choices.join(', ')}.` : reason };
}

function requiredProblems(given: Given): readonly FieldProblem[] {
  if ('num_round' in given) return [];
  return [problem('num_round', 'error', 'Rounds is needed: at least 1.', set('Use 100', 'num_round', '100'))];
}

function crossProblems(texts: Given, context: HyperparameterContext): readonly FieldProblem[] {
  const given = Object.fromEntries(Object.entries(texts).map(([name, text]) => [canonicalName(name), text]));
  return [
    ...classProblems(given, context),
    ...metricProblems(given),
    ...earlyStoppingProblems(given, context),
    ...treeProblems(given, context),
    ...irrelevantProblems(given),
  ];
}

function classProblems(given: Given, { classCount }: HyperparameterContext): readonly FieldProblem[] {
  const objective = given['objective'] ?? defaultObjective;
  if (isMulticlass(objective)) {
    if (given['num_class'] !== undefined) return [];
    const fix =
      classCount === undefined ? [] : [set(`Use ${classCount} classes`, 'num_class', String(classCount))];
    const message = `${objective} needs the number of classes (num_class), at least 2.`;
    return [problem('objective', 'error', message, ...fix), problem('num_class', 'error', message, ...fix)];
  }
  if (given['num_class'] === undefined) return [];
  const message = `Only multi:softmax and multi:softprob have classes to count; ${objective} fails with num_class.`;
  return [problem('num_class', 'error', message, remove('num_class'))];
}

function metricProblems(given: Given): readonly FieldProblem[] {
  const { eval_metric: text, objective } = given;
  if (text === undefined) return [];
  if (objective === undefined) {
    const message = 'eval_metric needs an objective to be sent too; without one the container fails.';
    const fix = set(`Use ${defaultObjective}`, 'objective', defaultObjective);
    return [problem('objective', 'error', message, fix), problem('eval_metric', 'error', message, fix)];
  }
  const metrics = text.split(',');
  const fix = set(`Use ${metricFor(objective)}`, 'eval_metric', metricFor(objective));
  if (metrics.includes('auc') && !/^(?:binary|rank):/.test(objective)) {
    const message = `auc works with binary: and rank: objectives only, not with ${objective}.`;
    return [problem('eval_metric', 'error', message, fix)];
  }
  if (metrics.includes('aft-nloglik') && objective !== 'survival:aft') {
    return [
      problem(
        'eval_metric',
        'error',
        `aft-nloglik works with survival:aft only, not with ${objective}.`,
        fix,
      ),
    ];
  }
  const ofClasses = metrics.find((metric) => ['merror', 'mlogloss'].includes(metric));
  if (ofClasses !== undefined && !isMulticlass(objective)) {
    const message = `${ofClasses} is for several classes (multi:softmax, multi:softprob), not for ${objective}.`;
    return [problem('eval_metric', 'warning', message, fix)];
  }
  const ofTwo = metrics.find((metric) => /^(?:logloss|error(?:@.*)?)$/.test(metric));
  if (ofTwo !== undefined && isMulticlass(objective)) {
    const message = `${ofTwo} is for two classes; with ${objective} use mlogloss or merror.`;
    return [problem('eval_metric', 'warning', message, fix)];
  }
  return [];
}

function earlyStoppingProblems(
  given: Given,
  { hasValidation }: HyperparameterContext,
): readonly FieldProblem[] {
  const rounds = given['early_stopping_rounds'];
  // Without validation rows nothing stops early whatever the metric is; that is said where the rows are split.
  if (rounds === undefined || given['eval_metric'] !== undefined || !hasValidation) return [];
  const all = given['num_round'] === undefined ? 'all rounds' : `all ${given['num_round']} rounds`;
  const message = `Without eval_metric the container ignores early stopping and runs ${all}.`;
  const metric = metricFor(given['objective'] ?? defaultObjective);
  const fixes = [set(`Use ${metric}`, 'eval_metric', metric), turnOffEarlyStopping];
  return [problem('early_stopping_rounds', 'warning', message, ...fixes)];
}

/** The repair that is offered wherever early stopping can't work. */
export const turnOffEarlyStopping: DraftFix = set(
  'Turn Off Early Stopping',
  'early_stopping_rounds',
  undefined,
);

function treeProblems(given: Given, { version }: HyperparameterContext): readonly FieldProblem[] {
  const { tree_method: method = 'auto', max_depth: depth, objective = defaultObjective } = given;
  const found: FieldProblem[] = [];
  const useHist = set('Use hist', 'tree_method', 'hist');
  // Up to 1.7 auto means exact for files of usual size, from 2.0 on hist.
  const isExact = method === 'exact' || (method === 'auto' && !imageHas(version, '3.0-5'));
  if (depth !== undefined && parsePythonInt(depth) === 0 && isExact) {
    const message = 'A depth without limit (0) needs tree_method hist or approx.';
    found.push(problem('max_depth', 'error', message, useHist));
  }
  if (given['monotone_constraints'] !== undefined && !['exact', 'hist'].includes(method)) {
    const message = 'monotone_constraints needs tree_method exact or hist.';
    found.push(problem('monotone_constraints', 'error', message, useHist));
  }
  if (given['interaction_constraints'] !== undefined && !['exact', 'hist', 'approx'].includes(method)) {
    const message = 'interaction_constraints needs tree_method exact, hist or approx.';
    found.push(problem('interaction_constraints', 'error', message, useHist));
  }
  const baseScore = parsePythonFloat(given['base_score'] ?? '');
  if (baseScore !== undefined && (baseScore <= 0 || baseScore >= 1) && /logistic$/.test(objective)) {
    found.push(problem('base_score', 'error', `Must be more than 0 and less than 1 for ${objective}.`));
  }
  return found;
}

function irrelevantProblems(given: Given): readonly FieldProblem[] {
  return Object.keys(given).flatMap((name) => {
    const relevant = findHyperparameter(name)?.relevantWhen;
    // That num_class needs multi: objectives is no mere hint, and is said above.
    if (!relevant || name === 'num_class') return [];
    if (relevant.values.includes(given[relevant.name] ?? '')) return [];
    const message = `${name} has an effect only with ${relevant.name} ${relevant.values.join(' or ')}.`;
    return [problem(name, 'warning', message, remove(name))];
  });
}

function localProblems(given: Given): readonly FieldProblem[] {
  return unsupportedHyperparameters(given).map(({ name, message }) => {
    const known = findHyperparameter(name);
    return problem(name, 'error', message, known ? reset(name, known) : remove(name));
  });
}

/** The candidate that takes the fewest edits, if they change less than half of the text. */
function nearest(text: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(text.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits * 2 < Math.max(candidate.length, text.length))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** Levenshtein's distance. */
function editsBetween(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, character] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (previous[column] ?? 0) + (character === b[column] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
