import { localTrainerXgboostVersion } from '../core/localTrainer.ts';
import type { TrainerJob } from '../protocol/trainer.ts';
import type { XgboostImage } from './container.ts';

/** The first line of a local job's log: which engine runs. */
export function engineLine(hyperparameters: Readonly<Record<string, string>>): string {
  const method = hyperparameters.tree_method === 'hist' ? 'hist' : 'exact';
  return `local trainer, XGBoost ${localTrainerXgboostVersion}-compatible, ${method}`;
}

/** What the image that a job names would have done otherwise, a sentence each, for the log's next lines. */
export function differences(job: TrainerJob, image: XgboostImage): readonly string[] {
  const { label, xgboostVersion } = image;
  const given = job.hyperparameters;
  const notes: string[] = [];
  if (xgboostVersion === undefined) {
    notes.push(`which XGBoost the image ${label} has is not known here; its trees may differ`);
  } else if (xgboostVersion !== localTrainerXgboostVersion) {
    notes.push(`the image ${label} has XGBoost ${xgboostVersion}; its trees may differ`);
  }
  const [major = 1, minor = 7] = (xgboostVersion ?? localTrainerXgboostVersion).split('.').map(Number);
  if (major >= 2 && given.base_score === undefined) {
    notes.push('base_score is 0.5 here; XGBoost 2.0 and later estimate it from the labels');
  }
  const format = major >= 2 ? 'UBJSON' : major === 1 && minor >= 3 ? 'a binary format' : 'a pickle';
  notes.push(`the model is saved as JSON, which XGBoost 1.7 and later open; the image saves ${format}`);
  if (job.instanceCount > 1) {
    notes.push(`trained on this computer alone, with all the data, not on ${job.instanceCount} instances`);
  }
  const hasValidation = job.channels.some(({ name }) => name === 'validation');
  if (given.early_stopping_rounds !== undefined && !(hasValidation && given.eval_metric !== undefined)) {
    const missing = hasValidation ? 'an eval_metric' : 'a validation channel';
    notes.push(
      `early_stopping_rounds has no effect without ${missing}, here as in the container: all rounds run`,
    );
  }
  return notes;
}
