/**
 * What the local trainer can and cannot do, as a table, so that the form can say it before a launch and the engine
 * can refuse it by name from any other client. Nothing that would change the model is ever ignored.
 *
 * Names and defaults: https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html and
 * https://xgboost.readthedocs.io/en/release_1.7.0/parameter.html
 */

/** The XGBoost version whose trees the local trainer grows. */
export const localTrainerXgboostVersion = '1.7.4';

/** Objectives the local trainer knows, by XGBoost's names. */
export const localTrainerObjectives = [
  'reg:squarederror',
  'reg:linear',
  'reg:logistic',
  'binary:logistic',
  'multi:softmax',
  'multi:softprob',
  'count:poisson',
] as const;

/** Metrics the local trainer knows; `error` may also carry a threshold, as in `error@0.7`. */
export const localTrainerMetrics = [
  'rmse',
  'mae',
  'logloss',
  'error',
  'auc',
  'merror',
  'mlogloss',
  'poisson-nloglik',
] as const;

/** A hyperparameter whose value the local trainer cannot follow. */
export interface UnsupportedHyperparameter {
  /** As it was given, an alias included. */
  readonly name: string;
  /** Completes "the local trainer does not support …". */
  readonly what: string;
  /** The whole sentence, for a field of the form. */
  readonly message: string;
}

/** Other names that the container takes for a hyperparameter. */
export const hyperparameterAliases: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/** Tells what is wrong with a value, as the end of "the local trainer does not support …", or nothing. */
type Rule = (value: string, name: string) => string | undefined;

const anyValue: Rule = () => undefined;
const onlyNumber =
  (expected: number): Rule =>
  (value, name) =>
    Number(value) === expected ? undefined : `${name} ${value}, only ${expected}`;
const onlyWords =
  (...words: readonly string[]): Rule =>
  (value, name) =>
    words.includes(value) ? undefined : `${name} ${value}, only ${words.join(', ')}`;
const noValue: Rule = (_value, name) => name;

const isMetric = (metric: string): boolean =>
  (localTrainerMetrics as readonly string[]).includes(metric) ||
  (metric.startsWith('error@') &&
    metric.length > 'error@'.length &&
    Number.isFinite(Number(metric.slice(6))));

const rules: Readonly<Record<string, Rule>> = {
  // What the engine does.
  objective: (value) =>
    (localTrainerObjectives as readonly string[]).includes(value) ? undefined : `the objective ${value}`,
  eval_metric: (value) => {
    const unknown = value.split(',').filter((metric) => !isMetric(metric.trim()));
    return unknown.length === 0
      ? undefined
      : `the metric${unknown.length > 1 ? 's' : ''} ${unknown.map((metric) => metric.trim()).join(', ')}`;
  },
  tree_method: onlyWords('auto', 'exact', 'hist'),
  eta: anyValue,
  gamma: anyValue,
  max_depth: anyValue,
  min_child_weight: anyValue,
  max_delta_step: anyValue,
  subsample: anyValue,
  colsample_bytree: anyValue,
  colsample_bylevel: anyValue,
  lambda: anyValue,
  alpha: anyValue,
  scale_pos_weight: anyValue,
  base_score: anyValue,
  max_bin: anyValue,
  num_class: anyValue,
  seed: anyValue,
  // What the job does around the engine.
  num_round: anyValue,
  early_stopping_rounds: anyValue,
  save_model_on_termination: anyValue,
  // What changes no result: threads, words in the log, or knobs of algorithms that are refused where they are chosen.
  nthread: anyValue,
  verbosity: anyValue,
  silent: anyValue,
  predictor: onlyWords('auto', 'cpu_predictor'),
  deterministic_histogram: anyValue,
  single_precision_histogram: onlyWords('false', '0'),
  sketch_eps: anyValue,
  dsplit: anyValue,
  refresh_leaf: anyValue,
  lambda_bias: anyValue,
  tweedie_variance_power: anyValue,
  aft_loss_distribution: anyValue,
  aft_loss_distribution_scale: anyValue,
  prob_buffer_row: anyValue,
  _num_cv_round: anyValue,
  // What the engine cannot do; a value equal to the default asks for nothing.
  booster: onlyWords('gbtree'),
  csv_weights: onlyNumber(0),
  colsample_bynode: onlyNumber(1),
  num_parallel_tree: onlyNumber(1),
  max_leaves: onlyNumber(0),
  grow_policy: onlyWords('depthwise'),
  process_type: onlyWords('default'),
  sampling_method: onlyWords('uniform'),
  sample_type: onlyWords('uniform'),
  normalize_type: onlyWords('tree'),
  rate_drop: onlyNumber(0),
  one_drop: onlyNumber(0),
  skip_drop: onlyNumber(0),
  use_dask_gpu_training: onlyWords('false'),
  updater: noValue,
  monotone_constraints: (value) => (/^[\s()[\],0]*$/.test(value) ? undefined : 'monotone_constraints'),
  interaction_constraints: (value) => (/^[\s()[\],]*$/.test(value) ? undefined : 'interaction_constraints'),
  _kfold: noValue,
  _tuning_objective_metric: noValue,
};

/**
 * The hyperparameters that the local trainer cannot follow, in the order given; empty when it can do them all.
 * Whether values are in XGBoost's ranges is not checked here.
 */
export function unsupportedHyperparameters(
  hyperparameters: Readonly<Record<string, string>>,
): UnsupportedHyperparameter[] {
  const found: UnsupportedHyperparameter[] = [];
  for (const [name, value] of Object.entries(hyperparameters)) {
    // SageMaker's own entries (`sagemaker_region` and so on) speak to the platform, not to XGBoost, except that a
    // script or the distributed GPU mode would run something else entirely.
    if (name.startsWith('sagemaker_') && name !== 'sagemaker_program') continue;
    const canonical = hyperparameterAliases[name] ?? name;
    const rule = Object.hasOwn(rules, canonical) ? rules[canonical] : undefined;
    const what = rule === undefined ? `the hyperparameter ${name}` : rule(value.trim(), name);
    if (what !== undefined) {
      found.push({ name, what, message: `The local trainer does not support ${what}.` });
    }
  }
  return found;
}
