import { html, type TemplateResult } from 'lit/html.js';
import { findHyperparameter, valuesIn } from '../../core/hyperparameters.ts';
import { field, problemNote, selectInput, textInput } from './field.ts';
import { fieldId } from './focus.ts';
import type { ReadyPage } from './page.ts';
import type { ProblemView } from './problemView.ts';
import type { TrainingForm } from './trainingForm.ts';

const rounds = 'early_stopping_rounds';
const metric = 'eval_metric';

/** "[10] rounds, on [rmse] of validation": two hyperparameters that only work together, in one line. */
export function earlyStopping(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { version, hyperparameters: set } = page.draft.algorithm;
  const known = findHyperparameter(metric);
  const metrics = known ? valuesIn(version, known) : [];
  const metricField = `algorithm.hyperparameters.${metric}` as const;
  const metricProblems = view.problems.filter((problem) => problem.field === metricField);
  const changed = set[rounds] !== undefined;
  return field({
    field: `algorithm.hyperparameters.${rounds}`,
    label: 'Early stopping',
    key: rounds,
    help: 'Stops when validation is no better for so many rounds. Default: trains all rounds.',
    wide: true,
    changed,
    reset: () => form.setHyperparameter(rounds, '', 'done'),
    ...view,
    control: (described) => html`
      <div class="in-line">
        ${textInput(described, {
          value: set[rounds] ?? '',
          placeholder: 'off (default)',
          numeric: 'numeric',
          onInput: (text) => form.setHyperparameter(rounds, text, 'typing'),
        })}
        <span>rounds, on</span>
        ${selectInput(
          {
            id: fieldId(metricField),
            field: metricField,
            describedBy: 'eval-metric-note',
            invalid: metricProblems.some(({ severity }) => severity === 'error'),
          },
          {
            label: 'Metric (eval_metric)',
            value: set[metric] ?? '',
            choices: [
              { value: '', text: 'not sent' },
              ...metrics.map((name) => ({ value: name, text: name })),
            ],
            onChoose: (name) => form.setHyperparameter(metric, name, 'done'),
          },
        )}
        <span>of validation <span class="key">eval_metric</span></span>
      </div>
      <div id="eval-metric-note">${metricProblems.map((problem) => problemNote(problem, view.onFix))}</div>
    `,
  });
}
