export type Channel = 'train' | 'validation';

/** One number of a round, printed by the container as `train-rmse:2.34567`. */
export interface RoundMetric {
  readonly channel: Channel;
  readonly metric: string;
  readonly value: number;
}

/** What a round of boosting tells. */
export interface Round {
  /** From 0. */
  readonly round: number;
  /** Channel by channel, metrics in the order of `eval_metric`. */
  readonly metrics: readonly RoundMetric[];
}
