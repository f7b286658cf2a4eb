/** What is known of one hyperparameter of the XGBoost images of SageMaker. */
export interface Hyperparameter {
  /** SageMaker's key. */
  readonly name: string;
  /** Other keys that mean the same. */
  readonly aliases?: readonly string[];
  /** Words for the key; the key itself where it has none. */
  readonly label: string;
  /** One sentence or two, at most 90 characters: effect, then range and default. */
  readonly help: string;
  readonly description: string;
  readonly notes: readonly string[];
  readonly type: 'integer' | 'float' | 'enum' | 'comma-list' | 'tuple-of-int' | 'nested-list-of-int';
  readonly group: 'core' | 'general' | 'tree' | 'dart' | 'linear' | 'task' | 'service';
  /** How many users need it; `hidden` ones are set by the service. */
  readonly level: 'basic' | 'advanced' | 'legacy' | 'hidden';
  readonly required: boolean;
  /** What XGBoost takes when nothing is sent; absent when that depends on the data or on other settings. */
  readonly defaultValue?: string;
  readonly range?: NumberRange;
  /** All values, or all items of a list. */
  readonly values?: readonly string[];
  /** The image that was the first to know a value, for those that came later than the hyperparameter. */
  readonly valuesSince?: Readonly<Record<string, string>>;
  /** The image that was the first to know it; absent when all do. */
  readonly sinceImage?: string;
  /** Hyperparameters that the container checks before this one, because its own check needs them. */
  readonly checkedAfter?: readonly string[];
  /** It has an effect only when another one has one of these values. */
  readonly relevantWhen?: { readonly name: string; readonly values: readonly string[] };
}

export interface NumberRange {
  readonly min?: number;
  readonly minExclusive?: boolean;
  readonly max?: number;
  readonly maxExclusive?: boolean;
  /** As the container prints it: `[0, 1]`. */
  readonly text: string;
}
