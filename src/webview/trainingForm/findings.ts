import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { CsvColumn } from '../../core/csvProfile.ts';
import type { FieldProblem } from '../../core/trainingDraft.ts';
import { severityIcon } from './field.ts';
import type { ReadyPage } from './page.ts';
import { showColumn } from './preview.ts';
import type { TrainingForm } from './trainingForm.ts';
import type { ProblemView } from './problemView.ts';
import { countOf } from '../words.ts';

const severities = ['error', 'warning', 'hint'] as const;

/** What the file's columns and the file itself want to be looked at for, with repairs, and the repairs made. */
export function findings(
  page: ReadyPage,
  form: TrainingForm,
  view: ProblemView,
): TemplateResult | typeof nothing {
  const found = view.problems
    .filter(({ field }) => field === 'data.path' || field.startsWith('data.columns.'))
    .sort((left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity));
  const repairs = repairsOf(page, form);
  if (found.length + repairs.length === 0) return nothing;
  return html`
    <section class="findings" aria-labelledby="findings-head">
      <h3 id="findings-head">Findings <span class="summary">${countsOf(found)}</span></h3>
      <ul>
        ${found.map((problem) => finding(page, form, view, problem))} ${repairs}
      </ul>
    </section>
  `;
}

function countsOf(found: readonly FieldProblem[]): string {
  return severities
    .map((severity) => ({ severity, count: found.filter((problem) => problem.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => countOf(count, severity))
    .join(', ');
}

function finding(
  page: ReadyPage,
  form: TrainingForm,
  view: ProblemView,
  problem: FieldProblem,
): TemplateResult {
  const index = columnOf(problem);
  const column = index === undefined ? undefined : page.profile.columns[index];
  // Without a repair to press, the finding itself takes the focus of "go to the first".
  const target = problem.fixes?.length ? nothing : '-1';
  return html`
    <li
      class="finding ${problem.severity}"
      tabindex=${target}
      data-field=${target === nothing ? nothing : problem.field}
    >
      ${severityIcon(problem.severity)} ${column && index !== undefined ? columnChip(column, index) : nothing}
      <span class="finding-text">
        ${problem.message}
        ${column && index !== undefined && !page.draft.data.textAsMissingColumns.includes(index) ? lineLinks(column, form) : nothing}
      </span>
      <span class="repairs">
        ${problem.fixes?.map(
          ({ label }, at) => html`
            <button
              class="secondary"
              type="button"
              data-field=${at === 0 ? problem.field : nothing}
              @click=${() => view.onFix(problem, at)}
            >
              ${label}
            </button>
          `,
        )}
      </span>
    </li>
  `;
}

/** The column that a problem is about. */
function columnOf({ field }: FieldProblem): number | undefined {
  const match = /^data\.columns\.(\d+)$/.exec(field);
  return match ? Number(match[1]) : undefined;
}

function columnChip(column: CsvColumn, index: number): TemplateResult {
  return html`
    <button class="column-chip" type="button" title="Show in the preview" @click=${() => showColumn(index)}>
      ${column.name}
    </button>
  `;
}

/** The first places of what can't be read as a number, each a way into the file. */
function lineLinks(
  { textExamples, textCount }: CsvColumn,
  form: TrainingForm,
): TemplateResult | typeof nothing {
  if (textExamples.length === 0) return nothing;
  const shown = textExamples.slice(0, 3);
  return html`
    <span class="lines">
      ${shown.map(
        ({ line }) => html`
          <button class="link" type="button" @click=${() => form.openSource(line)}>line ${line}</button>
        `,
      )}
      ${textCount > shown.length ? `and ${textCount - shown.length} more` : nothing}
    </span>
  `;
}

function repairsOf({ draft, profile }: ReadyPage, form: TrainingForm): readonly TemplateResult[] {
  const repair = (column: number, text: string): TemplateResult => {
    const what = `${profile.columns[column]?.name ?? ''} ${text}`;
    return html`
      <li class="finding done">
        <span class="codicon codicon-check" role="img" aria-label="Done"></span>
        <s>${what}</s>
        <span class="repairs">
          <button
            class="link"
            type="button"
            aria-label="Undo: ${what}"
            @click=${() => form.apply({ kind: 'keepColumn', column })}
          >
            Undo
          </button>
        </span>
      </li>
    `;
  };
  return [
    ...draft.data.textAsMissingColumns.map((column) => repair(column, 'text → missing')),
    ...draft.data.droppedColumns.map((column) => repair(column, 'dropped')),
  ];
}
