import { guard } from 'lit/directives/guard.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ColumnKind } from '../../core/csvProfile.ts';
import { openColumnMenu } from './columnMenu.ts';
import type { ReadyPage } from './page.ts';
import type { TrainingForm } from './trainingForm.ts';
import { grouped } from '../words.ts';

/** Rows shown before "Show 50" is pressed, and columns shown at all: enough to recognise a file by. */
const fewRows = 5;
const manyRows = 50;
const shownColumns = 200;

const kindIcons: Readonly<Record<ColumnKind, readonly [icon: string, word: string]>> = {
  integer: ['symbol-number', 'integers'],
  decimal: ['symbol-number', 'numbers'],
  boolean: ['symbol-boolean', 'true or false'],
  date: ['calendar', 'dates'],
  text: ['symbol-string', 'text'],
  empty: ['circle-slash', 'empty'],
};

/** The first rows as a table that scrolls in itself; each header opens the column's menu. */
export function preview(page: ReadyPage, form: TrainingForm): TemplateResult {
  const { profile, draft, showAllPreview } = page;
  const { labelColumn, droppedColumns } = draft.data;
  const rows = profile.preview.slice(0, showAllPreview ? manyRows : fewRows);
  const hiddenColumns = profile.columns.length - shownColumns;
  return html`
    <div class="preview-block">
      <div class="preview" role="region" tabindex="0" aria-label="Preview of the first ${rows.length} rows">
        ${guard([profile, labelColumn, droppedColumns, showAllPreview], () => table(page, form, rows))}
      </div>
      <div class="preview-foot">
        <span class="help">
          ${grouped(rows.length)} of ${grouped(profile.rows)} rows
          ${hiddenColumns > 0 ? html`· ${shownColumns} of ${grouped(profile.columns.length)} columns` : nothing}
        </span>
        ${
          profile.preview.length > fewRows
            ? html`
                <button class="link" type="button" @click=${() => form.showAllPreview(!showAllPreview)}>
                  ${showAllPreview ? `Show ${fewRows}` : `Show ${Math.min(manyRows, profile.preview.length)}`}
                </button>
              `
            : nothing
        }
      </div>
    </div>
  `;
}

function table(page: ReadyPage, form: TrainingForm, rows: readonly (readonly string[])[]): TemplateResult {
  const { profile, draft } = page;
  const columns = profile.columns.slice(0, shownColumns);
  const cellClasses = columns.map(({ kind }, index) =>
    [
      kind === 'integer' || kind === 'decimal' ? 'number' : '',
      index === draft.data.labelColumn ? 'label-column' : '',
      draft.data.droppedColumns.includes(index) ? 'dropped' : '',
    ].join(' '),
  );
  return html`
    <table>
      <thead>
        <tr @keydown=${onHeaderKey}>
          <th scope="col" class="corner"><span class="visually-hidden">Row</span></th>
          ${columns.map((_column, index) => headerCell(page, form, index, cellClasses[index] ?? ''))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells, row) => html`
            <tr>
              <th scope="row">${row + 1}</th>
              ${columns.map((_column, index) => cell(cells[index] ?? '', cellClasses[index] ?? ''))}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

function cell(text: string, classes: string): TemplateResult {
  return text.trim() === ''
    ? html`<td class="${classes} empty">empty</td>`
    : html`<td class=${classes} title=${text.length > 40 ? text : nothing}>${text}</td>`;
}

function headerCell(
  page: ReadyPage,
  form: TrainingForm,
  index: number,
  classes: string,
): TemplateResult | typeof nothing {
  const column = page.profile.columns[index];
  if (!column) return nothing;
  const { labelColumn, droppedColumns } = page.draft.data;
  const [icon, kind] = kindIcons[column.kind];
  const emptyShare = page.profile.rows === 0 ? 0 : (100 * column.emptyCount) / page.profile.rows;
  const role = index === labelColumn ? 'LABEL' : droppedColumns.includes(index) ? 'DROPPED' : undefined;
  return html`
    <th scope="col" class=${classes}>
      <button
        class="column-head"
        type="button"
        id=${columnHeadId(index)}
        data-column=${index}
        tabindex=${index === 0 ? '0' : '-1'}
        aria-haspopup="menu"
        title="${column.name}: ${kind}"
        @click=${(event: Event) => openColumnMenu(event.currentTarget as HTMLElement, page, form, index)}
      >
        <span class="column-name">${column.name}</span>
        <span class="codicon codicon-${icon}" role="img" aria-label=${kind}></span>
        ${role ? html`<span class="chip">${role}</span>` : nothing}
        ${emptyShare > 0 ? html`<span class="empty-share">${percent(emptyShare)} empty</span>` : nothing}
      </button>
    </th>
  `;
}

/** Whole per cents, but never a "0 %" where there is something. */
function percent(share: number): string {
  return share < 1 ? '< 1 %' : `${Math.round(share)} %`;
}

export function columnHeadId(column: number): string {
  return `column-${column}`;
}

/** One header is in the tab order; arrows, Home and End go between them, Shift+F10 opens a menu as Enter does. */
function onHeaderKey(event: KeyboardEvent): void {
  const heads = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.column-head')];
  const here = heads.findIndex((head) => head === document.activeElement);
  if (here < 0) return;
  const step: Readonly<Record<string, number>> = {
    ArrowLeft: Math.max(here - 1, 0),
    ArrowRight: Math.min(here + 1, heads.length - 1),
    Home: 0,
    End: heads.length - 1,
  };
  const next = step[event.key];
  if (next !== undefined) focusHead(heads, next);
  else if ((event.key === 'F10' && event.shiftKey) || event.key === 'ContextMenu') heads[here]?.click();
  else return;
  event.preventDefault();
}

function focusHead(heads: readonly HTMLElement[], index: number): void {
  for (const [at, head] of heads.entries()) head.tabIndex = at === index ? 0 : -1;
  heads[index]?.focus();
  heads[index]?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

/** Brings a column of the preview into sight and focuses its header. */
export function showColumn(column: number): void {
  const heads = [...document.querySelectorAll<HTMLElement>('.preview .column-head')];
  const index = heads.findIndex((head) => head.id === columnHeadId(column));
  if (index >= 0) focusHead(heads, index);
}
