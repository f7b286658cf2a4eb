import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Folds, ReadyPage } from './page.ts';
import type { TrainingForm } from './trainingForm.ts';
import type { ProblemView } from './problemView.ts';
import { countOf } from '../words.ts';

export interface SectionOptions {
  readonly page: ReadyPage;
  readonly form: TrainingForm;
  readonly view: ProblemView;
  readonly fold: Exclude<keyof Folds, 'allHyperparameters'>;
  readonly title: string;
  /** The section's values in one line, shown while it is folded. */
  readonly summary: string;
  /** What the draft fields in here begin with, to count their problems. */
  readonly fields: string;
  readonly content: TemplateResult;
}

/** A section that folds; its head shows its values, and how many errors are inside. */
export function section(options: SectionOptions): TemplateResult {
  const { fold, form, view } = options;
  const open = options.page.folds[fold];
  const errors = view.problems.filter(
    (problem) => problem.severity === 'error' && problem.field.startsWith(options.fields),
  ).length;
  return html`
    <details class="section" data-fold=${fold} .open=${open} @toggle=${onToggle(form, fold)}>
      <summary>
        <h2>${options.title}</h2>
        ${open ? nothing : html`<span class="summary">${options.summary}</span>`}
        ${errors === 0 ? nothing : errorCount(errors)}
      </summary>
      <div class="content">${options.content}</div>
    </details>
  `;
}

/** Keeps the page's state in step with a `<details>` that the user opened or closed. */
export function onToggle(form: TrainingForm, fold: keyof Folds): (event: Event) => void {
  return (event) => {
    // The event of a nested `<details>` does not bubble, so this is always our own.
    form.setFold(fold, (event.currentTarget as HTMLDetailsElement).open);
  };
}

export function errorCount(errors: number): TemplateResult {
  const words = countOf(errors, 'problem');
  return html`
    <span class="error-count" title=${words}>
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span aria-hidden="true">${errors}</span><span class="visually-hidden">${words}</span>
    </span>
  `;
}
