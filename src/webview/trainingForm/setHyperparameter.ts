import { defaultObjective, metricFor } from '../../core/objectives.ts';
import { applyChange, type TrainingDraft } from '../../core/trainingDraft.ts';

/**
 * Sets a hyperparameter, or removes it for an empty text. Turning early stopping on also sends the objective's own
 * metric, because without `eval_metric` the container ignores early stopping; that choice can be taken back.
 */
export function withHyperparameter(draft: TrainingDraft, name: string, text: string): TrainingDraft {
  const before = draft.algorithm.hyperparameters;
  const changed = applyChange(draft, {
    kind: 'setHyperparameter',
    name,
    value: text.trim() === '' ? undefined : text,
  });
  const turnedOn =
    name === 'early_stopping_rounds' && before['early_stopping_rounds'] === undefined && text.trim() !== '';
  if (!turnedOn || before['eval_metric'] !== undefined) return changed;
  const own = metricFor(before['objective'] ?? defaultObjective);
  return applyChange(changed, { kind: 'setHyperparameter', name: 'eval_metric', value: own });
}
