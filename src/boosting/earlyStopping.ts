import { type Metric, printedMetricName } from './metrics.ts';
import type { Channel, Round } from './round.ts';

/** When to stop before all rounds have run. */
export interface EarlyStoppingOptions {
  /** Rounds without improvement after which the training ends. */
  readonly rounds: number;
  /** An entry of `eval_metric`; it gives the direction. */
  readonly metric: string;
  readonly channel: Channel;
  /** Keep only the trees up to the best round. */
  readonly saveBest: boolean;
}

/** Follows one metric, as `xgboost.callback.EarlyStopping` of the Python package does. */
export class EarlyStopping {
  readonly #options: EarlyStoppingOptions;
  readonly #maximize: boolean;
  #best: { readonly round: number; readonly value: number } | undefined;
  #roundsSinceBest = 0;

  constructor(options: EarlyStoppingOptions, metrics: readonly Metric[]) {
    const name = printedMetricName(options.metric);
    const metric = metrics.find((one) => one.name === name);
    if (metric === undefined) throw new Error(`early stopping watches ${name}, which is not evaluated`);
    this.#options = { ...options, metric: name };
    this.#maximize = metric.maximize;
  }

  /** Takes note of a round and tells whether it is the last. */
  stopsAfter({ round, metrics }: Round): boolean {
    const { channel, metric, rounds } = this.#options;
    const watched = metrics.find((one) => one.channel === channel && one.metric === metric);
    if (watched === undefined)
      throw new Error(`early stopping watches ${channel}-${metric}, which has no data`);
    const { value } = watched;
    if (this.#best === undefined || this.#isBetter(value, this.#best.value)) {
      this.#best = { round, value };
      this.#roundsSinceBest = 0;
    } else {
      this.#roundsSinceBest++;
    }
    return this.#roundsSinceBest >= rounds;
  }

  /**
   * How many rounds the model keeps, and its attributes. A cut model has no `best_score`, because the Python package
   * cuts by copying trees, and attributes are not copied.
   */
  outcome(roundsRun: number): { roundsKept: number; attributes: Record<string, string> } {
    const best = this.#best ?? { round: roundsRun - 1, value: NaN };
    const attributes = { best_iteration: String(best.round), best_ntree_limit: String(best.round + 1) };
    if (this.#options.saveBest) return { roundsKept: best.round + 1, attributes };
    return { roundsKept: roundsRun, attributes: { ...attributes, best_score: String(best.value) } };
  }

  #isBetter(value: number, best: number): boolean {
    return this.#maximize ? value > best : value < best;
  }
}
