import { binMatrix } from './binnedMatrix.ts';
import { type CancellationCheck, cancellationCheck, type CancellationOptions } from './cancellationCheck.ts';
import { EarlyStopping, type EarlyStoppingOptions } from './earlyStopping.ts';
import { UnsupportedByLocalTrainer, XgboostError } from './errors.ts';
import { ExactGrower } from './exactGrower.ts';
import type { TreeGrower } from './grower.ts';
import { HistGrower } from './histGrower.ts';
import { columnsForFeatures, type DataMatrix } from './matrix.ts';
import { createMetric, type Metric } from './metrics.ts';
import { baseMargins, type Model } from './model.ts';
import { createObjective, type Gradients, type Objective } from './objectives.ts';
import type { Parameters } from './parameters.ts';
import type { Channel, Round, RoundMetric } from './round.ts';
import { Sampler } from './sampling.ts';
import { addTreeToMargins, type Tree } from './tree.ts';

/** What to train, decided by the job: it knows the container's rules, the engine doesn't. */
export interface TrainingRun {
  readonly train: DataMatrix;
  readonly validation?: DataMatrix | undefined;
  readonly parameters: Parameters;
  readonly numRound: number;
  /** `undefined` runs all rounds. */
  readonly earlyStopping?: EarlyStoppingOptions | undefined;
  /** Asked after each round; `true` ends the training there, with the model of the rounds so far. */
  readonly endsAfterRound?: (() => boolean) | undefined;
}

/** `tree_method=auto` means `exact` below this many rows in XGBoost 1.7, and `approx` from there on. */
const rowsForApprox = 4 << 20;

/** The algorithm that `auto` stands for with so many rows. */
export function resolveTreeMethod(treeMethod: Parameters['treeMethod'], rowCount: number): 'exact' | 'hist' {
  if (treeMethod !== 'auto') return treeMethod;
  if (rowCount < rowsForApprox) return 'exact';
  throw new UnsupportedByLocalTrainer(
    'tree_method',
    `tree_method auto with ${rowCount} rows, where XGBoost 1.7 takes approx; set tree_method to hist`,
  );
}

/**
 * Boosts trees round by round and returns the model. Each round is yielded as soon as it is measured, and the event
 * loop runs before the next one begins.
 *
 * Rejects with `UnsupportedByLocalTrainer`, `XgboostError` or, when cancelled, an `AbortError`.
 */
export async function* train(
  run: TrainingRun,
  options: CancellationOptions = {},
): AsyncGenerator<Round, Model, void> {
  const check = cancellationCheck(options);
  const booster = new Booster(run, check);
  const earlyStopping =
    run.earlyStopping === undefined ? undefined : new EarlyStopping(run.earlyStopping, booster.metrics);
  for (let round = 0; round < run.numRound; round++) {
    check();
    booster.boost();
    const metrics = booster.evaluate();
    yield { round, metrics };
    if (earlyStopping?.stopsAfter({ round, metrics }) === true || run.endsAfterRound?.() === true) break;
    await letEventsRun();
  }
  check();
  return booster.finish(earlyStopping);
}

function letEventsRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Rows that are measured every round, with their margins so far. */
interface Evaluated {
  readonly channel: Channel;
  readonly matrix: DataMatrix;
  readonly columns: readonly Float32Array[];
  readonly margins: Float32Array;
}

class Booster {
  readonly metrics: readonly Metric[];
  readonly #run: TrainingRun;
  readonly #check: CancellationCheck;
  readonly #objective: Objective;
  readonly #sampler: Sampler;
  readonly #grower: TreeGrower;
  readonly #gradients: readonly Gradients[];
  readonly #train: Evaluated;
  readonly #validation: Evaluated | undefined;
  readonly #trees: Tree[] = [];

  constructor(run: TrainingRun, check: CancellationCheck) {
    const { parameters, train: matrix, validation } = run;
    const { rowCount } = matrix;
    const featureCount = matrix.columns.length;
    this.#run = run;
    this.#check = check;
    this.#objective = createObjective(parameters);
    const { groupCount, defaultMetric } = this.#objective;
    const entries = parameters.evalMetrics.length > 0 ? parameters.evalMetrics : [defaultMetric];
    this.metrics = entries.map((entry) => createMetric(entry, groupCount));
    const treeMethod = resolveTreeMethod(parameters.treeMethod, rowCount);
    this.#checkData(treeMethod);

    this.#sampler = new Sampler(parameters, treeMethod, rowCount, featureCount);
    this.#grower =
      treeMethod === 'exact'
        ? new ExactGrower(matrix, parameters, check)
        : new HistGrower(binMatrix(matrix, parameters.maxBin, check), parameters, check);
    this.#gradients = Array.from({ length: groupCount }, () => ({
      gradient: new Float32Array(rowCount),
      hessian: new Float32Array(rowCount),
    }));
    this.#train = this.#evaluated('train', matrix);
    this.#validation = validation === undefined ? undefined : this.#evaluated('validation', validation);
  }

  /** Adds one tree a group. */
  boost(): void {
    const { groupCount } = this.#objective;
    const { margins, matrix } = this.#train;
    this.#objective.computeGradients(margins, matrix.labels, this.#gradients);
    // All trees of a round answer to the same gradients: the margins of other groups move, but nobody looks at them.
    this.#gradients.forEach((gradients, group) => {
      const tree = this.#grower.grow(gradients, this.#sampler);
      this.#trees.push(tree);
      this.#grower.addLastTreeToMargins(tree, margins, group, groupCount);
      if (this.#validation !== undefined) {
        const { columns, margins: validationMargins } = this.#validation;
        addTreeToMargins(tree, columns, validationMargins, group, groupCount, this.#check);
      }
    });
  }

  evaluate(): RoundMetric[] {
    const sets = this.#validation === undefined ? [this.#train] : [this.#train, this.#validation];
    return sets.flatMap(({ channel, margins, matrix }) => {
      this.#check();
      const predictions = this.#objective.transform(margins);
      return this.metrics.map((metric) => ({
        channel,
        metric: metric.name,
        value: metric.evaluate(predictions, matrix.labels, this.#objective.groupCount),
      }));
    });
  }

  finish(earlyStopping: EarlyStopping | undefined): Model {
    const { groupCount } = this.#objective;
    const roundsRun = this.#trees.length / groupCount;
    const { roundsKept, attributes } =
      earlyStopping === undefined ? allRounds(roundsRun) : earlyStopping.outcome(roundsRun);
    const trees = this.#trees.slice(0, roundsKept * groupCount);
    const { baseScore, hasBaseScore } = this.#run.parameters;
    return {
      objective: this.#objective,
      featureCount: this.#run.train.columns.length,
      baseScore,
      boostFromAverage: !hasBaseScore,
      trees,
      treeGroups: trees.map((_, i) => i % groupCount),
      attributes,
    };
  }

  #evaluated(channel: Channel, matrix: DataMatrix): Evaluated {
    const { parameters, train: trainMatrix } = this.#run;
    return {
      channel,
      matrix,
      columns: columnsForFeatures(matrix, trainMatrix.columns.length),
      margins: baseMargins({ objective: this.#objective, baseScore: parameters.baseScore }, matrix.rowCount),
    };
  }

  #checkData(treeMethod: 'exact' | 'hist'): void {
    const { train: matrix, validation, parameters } = this.#run;
    if (matrix.rowCount === 0) throw new XgboostError('Empty dataset at worker: 0');
    if (treeMethod === 'exact' && parameters.maxDepth === 0) {
      throw new XgboostError("exact tree method doesn't support unlimited depth.");
    }
    this.#objective.checkLabels(matrix.labels);
    if (validation === undefined) return;
    if (validation.columns.length > matrix.columns.length) {
      throw new XgboostError(
        `Number of columns does not match number of features in booster: ${validation.columns.length} vs. ${matrix.columns.length}`,
      );
    }
    this.#objective.checkLabels(validation.labels);
  }
}

/** What XGBoost's Python package records when early stopping was off. */
function allRounds(roundsRun: number): { roundsKept: number; attributes: Record<string, string> } {
  return {
    roundsKept: roundsRun,
    attributes: { best_iteration: String(roundsRun - 1), best_ntree_limit: String(roundsRun) },
  };
}
