/** Something the local trainer cannot do; refused by name before the first round, never ignored. */
export class UnsupportedByLocalTrainer extends Error {
  override readonly name = 'UnsupportedByLocalTrainer';

  constructor(
    /** The hyperparameter or the part of a model that asks for it. */
    readonly subject: string,
    /** Completes "the local trainer does not support …". */
    readonly what: string,
  ) {
    super(`the local trainer does not support ${what}`);
  }
}

/** Something that XGBoost itself refuses; the message is in its words, for the job's failure reason. */
export class XgboostError extends Error {
  override readonly name = 'XgboostError';
}
