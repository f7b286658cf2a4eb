import { type CsvProfile } from '../../core/csvProfile.ts';
import { type DraftChange, type FieldProblem, type TrainingDraft } from '../../core/trainingDraft.ts';
import { type FormLimits } from '../../protocol/trainingForm.ts';

export interface HyperparameterSpec {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly type: string;
  readonly required?: boolean;
  readonly defaultValue?: string;
  readonly values?: readonly string[];
  readonly group: string;
  readonly level: string;
}

export const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'num_round',
    label: 'Rounds',
    help: 'Number of boosting rounds. At least 1.',
    type: 'integer',
    group: 'core',
    level: 'basic',
  },
  {
    name: 'early_stopping_rounds',
    label: 'Early stopping',
    help: '',
    type: 'integer',
    group: 'core',
    level: 'basic',
  },
  {
    name: 'eta',
    label: 'Learning rate',
    help: "Shrinks each tree's step; lower needs more rounds. 0 to 1, default 0.3.",
    type: 'float',
    defaultValue: '0.3',
    group: 'tree',
    level: 'basic',
  },
  {
    name: 'objective',
    label: 'Objective',
    help: '',
    type: 'enum',
    defaultValue: 'reg:squarederror',
    values: ['reg:squarederror', 'binary:logistic'],
    group: 'core',
    level: 'basic',
  },
  {
    name: 'eval_metric',
    label: 'Metric',
    help: '',
    type: 'comma-list',
    values: ['rmse', 'mae'],
    group: 'core',
    level: 'basic',
  },
  {
    name: 'max_leaves',
    label: 'Leaves',
    help: 'Most leaves.',
    type: 'integer',
    defaultValue: '0',
    group: 'tree',
    level: 'advanced',
  },
];

export function validateDraft(
  draft: TrainingDraft,
  _profile: CsvProfile,
  _limits: FormLimits,
): readonly FieldProblem[] {
  return draft.data.labelColumn === undefined
    ? [{ field: 'data.labelColumn', severity: 'error', message: 'Choose the label column.' }]
    : [];
}

export function applyChange(draft: TrainingDraft, _change: DraftChange): TrainingDraft {
  return draft;
}
