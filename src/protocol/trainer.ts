/** What the backend tells a trainer worker when it starts it; it is the worker's `workerData`. */
export interface TrainerJob {
  /** As they were given: strings. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** The image that the job names; the worker says in the log how the local trainer differs from it. */
  readonly image: string | undefined;
  /** What it names instead of an image. */
  readonly algorithmName: string | undefined;
  readonly instanceCount: number;
  readonly channels: readonly TrainerChannel[];
  /** Where to write model.tar.gz when there is a model. */
  readonly artifactPath: string;
  /** One 32-bit integer, 0 while the job may run; see `stopRequested`. A thread that is busy reads no messages. */
  readonly stopFlag: SharedArrayBuffer;
}

/** Members are as CreateTrainingJob has them, with the service's defaults filled in. */
export interface TrainerChannel {
  readonly name: string;
  /** `undefined` is different from every type: the container then takes the data for LIBSVM. */
  readonly contentType: string | undefined;
  readonly inputMode: string;
  readonly distribution: string;
  readonly recordWrapper: string;
  readonly compression: string;
  readonly files: readonly TrainerFile[];
}

export interface TrainerFile {
  /** The last segment of the object's key. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** The value of the stop flag that ends a job. */
export const stopRequested = 1;

/** What a trainer worker tells, in this order: lines and rounds, then how it ended. */
export type TrainerMessage =
  | { readonly kind: 'log'; readonly lines: readonly string[] }
  /** The line of a round, and its values by the names of FinalMetricDataList (`validation:rmse`). */
  | {
      readonly kind: 'round';
      readonly line: string;
      readonly metrics: readonly { readonly name: string; readonly value: number }[];
    }
  | { readonly kind: 'ended'; readonly outcome: TrainerOutcome };

export type TrainerOutcome =
  /** `hasModel`: whether model.tar.gz was written. */
  | { readonly kind: 'completed' | 'stopped'; readonly hasModel: boolean }
  /** The job's FailureReason. */
  | { readonly kind: 'failed'; readonly reason: string };
