import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Hyperparameter } from '../../core/hyperparameter.ts';
import { hyperparameters } from '../../core/hyperparameters.generated.ts';
import { choicesIn, imageHas } from '../../core/hyperparameters.ts';
import { earlyStopping } from './earlyStopping.ts';
import { field, selectInput, textInput } from './field.ts';
import type { ReadyPage } from './page.ts';
import type { ProblemView } from './problemView.ts';
import { errorCount, onToggle, section } from './section.ts';
import type { TrainingForm } from './trainingForm.ts';

/** Shown in a line of their own, above the other basic ones. */
const placedFirst = ['objective', 'num_class', 'num_round', 'early_stopping_rounds', 'eval_metric'];

const basic = hyperparameters.filter(({ level, name }) => level === 'basic' && !placedFirst.includes(name));
const rest = hyperparameters.filter(({ level, name }) => level !== 'basic' && !placedFirst.includes(name));

const groupTitles: Readonly<Record<Hyperparameter['group'], string>> = {
  core: 'Core',
  general: 'General',
  tree: 'Trees',
  dart: 'Trees with dropout',
  linear: 'Linear model',
  task: 'Objectives',
  service: 'Service',
};

/** XGBoost, its version and its hyperparameters. */
export function algorithmSection(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { algorithm } = page.draft;
  return section({
    page,
    form,
    view,
    fold: 'algorithm',
    title: 'Algorithm',
    fields: 'algorithm.',
    summary: summaryOf(page),
    content: html`
      <div class="fields">
        <div class="field">
          <div class="label-row"><span>Algorithm</span></div>
          <div class="fixed-value">XGBoost</div>
          <div class="help">Gradient-boosted trees, SageMaker's built-in algorithm.</div>
        </div>
        ${field({
          field: 'algorithm.version',
          label: 'Version',
          help: "The version of SageMaker's XGBoost container.",
          ...view,
          control: (described) =>
            selectInput(described, {
              value: algorithm.version,
              choices: page.limits.versions.map((version) => ({ value: version, text: version })),
              onChoose: (version) =>
                form.choose((draft) => ({ ...draft, algorithm: { ...draft.algorithm, version } })),
            }),
        })}
        ${named('objective').map((spec) => hyperparameterField(spec, page, form, view))}
        ${named('num_class')
          .filter(() => needsClasses(page))
          .map((spec) => hyperparameterField(spec, page, form, view))}
        ${named('num_round').map((spec) => hyperparameterField(spec, page, form, view))}
        ${earlyStopping(page, form, view)} ${basic.map((spec) => hyperparameterField(spec, page, form, view))}
        ${unknownNames(page).map((name) => unknownHyperparameter(name, page, form, view))}
      </div>
      ${allHyperparameters(page, form, view)}
    `,
  });
}

function summaryOf({ draft }: ReadyPage): string {
  const { version, hyperparameters: set } = draft.algorithm;
  const objective = set['objective'] ?? 'reg:squarederror';
  return `XGBoost ${version} · ${objective} · ${set['num_round'] ?? 'no'} rounds`;
}

function named(name: string): readonly Hyperparameter[] {
  return hyperparameters.filter((spec) => spec.name === name);
}

/** Whether the chosen version knows it; a value that was set stays in sight to be removed. */
function isOffered({ name, sinceImage }: Hyperparameter, { draft }: ReadyPage): boolean {
  const { version, hyperparameters: set } = draft.algorithm;
  return imageHas(version, sinceImage) || set[name] !== undefined;
}

/** The number of classes belongs to objectives with several; a value that was set stays in sight to be removed. */
function needsClasses({ draft }: ReadyPage): boolean {
  const { hyperparameters: set } = draft.algorithm;
  return (set['objective'] ?? '').startsWith('multi:') || set['num_class'] !== undefined;
}

/** Whether it was set to something else than what XGBoost takes by itself; what is required has nothing to compare. */
function isChanged({ required, defaultValue }: Hyperparameter, value: string | undefined): boolean {
  return !required && value !== undefined && value !== defaultValue;
}

/** Names that came with the draft and that the table lacks: shown, so that they can be seen and taken out. */
function unknownNames({ draft }: ReadyPage): readonly string[] {
  const known = new Set(hyperparameters.map(({ name }) => name));
  return Object.keys(draft.algorithm.hyperparameters).filter((name) => !known.has(name));
}

function unknownHyperparameter(
  name: string,
  page: ReadyPage,
  form: TrainingForm,
  view: ProblemView,
): TemplateResult {
  return field({
    field: `algorithm.hyperparameters.${name}`,
    label: name,
    changed: true,
    reset: () => form.setHyperparameter(name, '', 'done'),
    ...view,
    control: (described) =>
      textInput(described, {
        value: page.draft.algorithm.hyperparameters[name] ?? '',
        onInput: (text) => form.setHyperparameter(name, text, 'typing'),
      }),
  });
}

/** The hyperparameters that few jobs need, folded and with a search over all of them. */
function allHyperparameters(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { hyperparameters: set } = page.draft.algorithm;
  const changed = hyperparameters.filter((spec) => isChanged(spec, set[spec.name])).length;
  const errors = view.problems.filter(
    (problem) =>
      problem.severity === 'error' &&
      rest.some(({ name }) => problem.field === `algorithm.hyperparameters.${name}`),
  ).length;
  return html`
    <details
      class="all"
      data-fold="allHyperparameters"
      .open=${page.folds.allHyperparameters}
      @toggle=${onToggle(form, 'allHyperparameters')}
    >
      <summary>
        <h3>All ${hyperparameters.filter((spec) => isOffered(spec, page)).length} hyperparameters</h3>
        <span class="summary">${changed} changed</span>
        ${errors === 0 ? nothing : errorCount(errors)}
      </summary>
      ${page.folds.allHyperparameters ? searched(page, form, view) : nothing}
    </details>
  `;
}

function searched(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const words = page.search.trim().toLowerCase();
  const matches = ({ name, label, help }: Hyperparameter): boolean =>
    words === '' || `${name} ${label} ${help}`.toLowerCase().includes(words);
  const shown = rest.filter((spec) => isOffered(spec, page) && matches(spec));
  const above = words === '' ? [] : hyperparameters.filter((spec) => !rest.includes(spec) && matches(spec));
  const groups = [...new Set(shown.map(({ group }) => group))];
  return html`
    <div class="search">
      <input
        type="search"
        aria-label="Search hyperparameters"
        placeholder="Search hyperparameters"
        .value=${page.search}
        @input=${(event: InputEvent) => form.setSearch((event.target as HTMLInputElement).value)}
      />
    </div>
    ${
      above.length === 0
        ? nothing
        : html`
            <p class="above">
              Above:
              ${above.map(
                ({ name }) => html`
                  <button
                    class="link"
                    type="button"
                    @click=${() => form.goTo(`algorithm.hyperparameters.${name}`)}
                  >
                    ${name}
                  </button>
                `,
              )}
            </p>
          `
    }
    ${groups.map(
      (group) => html`
        <h4>${groupTitles[group]}</h4>
        <div class="fields">
          ${shown
            .filter((spec) => spec.group === group)
            .map((spec) => hyperparameterField(spec, page, form, view))}
        </div>
      `,
    )}
    ${shown.length + above.length === 0 ? html`<p>No hyperparameter has "${page.search}" in it.</p>` : nothing}
  `;
}

/** A field for one hyperparameter: a drop-down where the values are known, else text. Empty is not sent. */
export function hyperparameterField(
  spec: Hyperparameter,
  page: ReadyPage,
  form: TrainingForm,
  view: ProblemView,
): TemplateResult {
  const { version, hyperparameters: set } = page.draft.algorithm;
  const value = set[spec.name];
  const byDefault = spec.defaultValue === undefined ? 'not sent' : `${spec.defaultValue} (default)`;
  return field({
    field: `algorithm.hyperparameters.${spec.name}`,
    label: spec.label,
    ...(spec.label === spec.name ? {} : { key: spec.name }),
    help: spec.help,
    changed: isChanged(spec, value),
    reset: () => form.setHyperparameter(spec.name, '', 'done'),
    ...view,
    control: (described) =>
      spec.type === 'enum' && spec.values
        ? selectInput(described, {
            value: value ?? '',
            choices: [
              { value: '', text: byDefault },
              ...choicesIn(version, spec).map((word) => ({ value: word, text: word })),
            ],
            onChoose: (word) => form.setHyperparameter(spec.name, word, 'done'),
          })
        : textInput(described, {
            value: value ?? '',
            placeholder: spec.required ? undefined : byDefault,
            ...(spec.type === 'integer' ? { numeric: 'numeric' } : {}),
            ...(spec.type === 'float' ? { numeric: 'decimal' } : {}),
            onInput: (text) => form.setHyperparameter(spec.name, text, 'typing'),
          }),
  });
}
