import { maximizedMetrics } from './metrics.generated.ts';
import type { TrainingJob } from './trainingJob.ts';

/** One value that an evaluation line reports, such as `validation-rmse:9.00052`. */
export interface MetricReading {
  /** `train` or `validation`. */
  readonly channel: string;
  /** XGBoost's name with its threshold, such as `rmse` or `ndcg@10`. */
  readonly metric: string;
  /** NaN and the infinities are possible. */
  readonly value: number;
  /** The value as it was logged. */
  readonly text: string;
}

/** What one evaluation line reports. */
export interface MetricRound {
  /** Counted from 0. */
  readonly round: number;
  readonly metrics: readonly MetricReading[];
}

// "[12]<tab>train-rmse:1.5<tab>…"; CloudWatch stores a tab as "#011", and scripts may print a space.
const linePattern = /\[(\d+)\](?:\s|#011)+(\S.*)$/;
const readingPattern =
  /^(\w+)-([^:\s]+):([-+]?(?:nan|inf(?:inity)?|\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?))$/i;

/** Reads an evaluation line of XGBoost, from CloudWatch or straight from the container; `undefined` for others. */
export function parseMetricLine(message: string): MetricRound | undefined {
  const line = linePattern.exec(message);
  if (line?.[1] === undefined || line[2] === undefined) return undefined;
  const metrics: MetricReading[] = [];
  for (const part of line[2].split(/\s+|#011/)) {
    if (part === '') continue;
    const reading = parseReading(part);
    if (!reading) return undefined;
    metrics.push(reading);
  }
  return metrics.length === 0 ? undefined : { round: Number(line[1]), metrics };
}

function parseReading(part: string): MetricReading | undefined {
  const [, channel, metric, text] = readingPattern.exec(part) ?? [];
  if (channel === undefined || metric === undefined || text === undefined) return undefined;
  return { channel, metric, text, value: parseValue(text) };
}

function parseValue(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

/**
 * The direction in which the container looks for a better value of a metric. A metric with a threshold, such as
 * `ndcg@10`, is not in its table, so it is minimized, whatever it means.
 */
export function metricDirection(metric: string): 'maximize' | 'minimize' {
  return maximizedMetrics.includes(metric) ? 'maximize' : 'minimize';
}

/** The metric of the model that a job saves. */
export interface StandingMetric extends MetricReading {
  /** `best` when early stopping was active, so that the model is cut to its best round; else `final`. */
  readonly kind: 'best' | 'final';
  readonly round: number;
}

/** What decides which model a job saves. */
export interface SavedModelContext {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly hasValidation: boolean;
}

/** What decides which model a job saves, from what the service tells of it. */
export function savedModelContext({
  hyperparameters,
  channels,
}: Pick<TrainingJob, 'hyperparameters' | 'channels'>): SavedModelContext {
  return { hyperparameters, hasValidation: channels.some(({ name }) => name === 'validation') };
}

/** The metric by which the container stops early; `undefined` when early stopping has no effect in this job. */
export function earlyStoppingMetric({
  hyperparameters,
  hasValidation,
}: SavedModelContext): string | undefined {
  const active = hasValidation && hyperparameters['early_stopping_rounds'] !== undefined;
  return active ? lastListedMetric(hyperparameters) : undefined;
}

/**
 * The metric that stands for a job: that of the saved model. Early stopping is active with a validation channel, an
 * `eval_metric` and `early_stopping_rounds`, all three; then it is the best round by the metric listed last, else the
 * last round. `undefined` before the first evaluation.
 */
export function standingMetric(
  rounds: readonly MetricRound[],
  context: SavedModelContext,
): StandingMetric | undefined {
  const stopBy = earlyStoppingMetric(context);
  return (
    (stopBy === undefined ? undefined : bestReading(rounds, stopBy, context)) ?? finalReading(rounds, context)
  );
}

function bestReading(
  rounds: readonly MetricRound[],
  metric: string,
  { hyperparameters }: SavedModelContext,
): StandingMetric | undefined {
  const sign = metricDirection(metric) === 'maximize' ? 1 : -1;
  const patience = Number(hyperparameters['early_stopping_rounds']);
  const last = rounds.at(-1)?.round;
  let best: StandingMetric | undefined;
  for (const { round, metrics } of rounds) {
    const reading = metrics.find((each) => each.channel === 'validation' && each.metric === metric);
    if (!reading) continue;
    // Printed values are rounded, so two rounds can look equal. Training ends when the best round is `patience`
    // rounds old, which tells which of them was really the better one.
    const endedAfter = last !== undefined && round === last - patience && reading.value === best?.value;
    if (!best || endedAfter || sign * reading.value > sign * best.value)
      best = { kind: 'best', round, ...reading };
  }
  return best;
}

function finalReading(
  rounds: readonly MetricRound[],
  { hyperparameters }: SavedModelContext,
): StandingMetric | undefined {
  const last = rounds.at(-1);
  if (!last) return undefined;
  const validation = last.metrics.filter(({ channel }) => channel === 'validation');
  const candidates = validation.length > 0 ? validation : last.metrics;
  const listed = lastListedMetric(hyperparameters);
  const reading = candidates.find(({ metric }) => metric === listed) ?? candidates.at(-1);
  return reading && { kind: 'final', round: last.round, ...reading };
}

function lastListedMetric(hyperparameters: Readonly<Record<string, string>>): string | undefined {
  return hyperparameters['eval_metric']?.split(',').at(-1);
}

/** The evaluations of one job, fed line by line as its log arrives. */
export class MetricHistory {
  readonly #rounds: MetricRound[] = [];

  /** In order of rounds, each once. */
  get rounds(): readonly MetricRound[] {
    return this.#rounds;
  }

  /** Takes a log line and tells whether it was an evaluation. */
  add(message: string): boolean {
    const round = parseMetricLine(message);
    if (!round) return false;
    // A restarted instance, and each fold of a cross-validation, begins again: what follows is the newer truth.
    while ((this.#rounds.at(-1)?.round ?? -1) >= round.round) this.#rounds.pop();
    this.#rounds.push(round);
    return true;
  }

  standing(context: SavedModelContext): StandingMetric | undefined {
    return standingMetric(this.#rounds, context);
  }
}
