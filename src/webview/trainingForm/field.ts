import { html, nothing, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { DraftField, FieldProblem } from '../../core/trainingDraft.ts';
import { fieldId } from './focus.ts';

/** What a control needs to be tied to its label, its help and its problem. */
export interface Described {
  readonly id: string;
  readonly field: DraftField;
  readonly describedBy: string;
  readonly invalid: boolean;
}

export interface FieldOptions {
  readonly field: DraftField;
  /** The control's id, where several controls share a draft field. */
  readonly id?: string;
  readonly label: string;
  /** SageMaker's own name of the field. */
  readonly key?: string;
  readonly help?: string | TemplateResult;
  /** Problems of the whole page; those of this field are shown in place of the help. */
  readonly problems: readonly FieldProblem[];
  /** Marks the value as not the default; `reset` brings the default back. */
  readonly changed?: boolean;
  readonly reset?: () => void;
  readonly onFix: (problem: FieldProblem, index: number) => void;
  /** Columns of the form's grid that the field takes. */
  readonly wide?: boolean;
  readonly control: (described: Described) => TemplateResult;
}

/** A label, a control, and one sentence under it: help, or what is wrong. */
export function field(options: FieldOptions): TemplateResult {
  const id = options.id ?? fieldId(options.field);
  const noteId = `${id}-note`;
  const problems = options.problems.filter((problem) => problem.field === options.field);
  const invalid = problems.some(({ severity }) => severity === 'error');
  return html`
    <div class="field ${options.wide ? 'wide' : ''}">
      <div class="label-row">
        <label for=${id}>${options.label}</label>
        ${options.key === undefined ? nothing : html`<span class="key">${options.key}</span>`}
        ${options.changed ? html`<span class="dot" role="img" aria-label="changed" title="Changed">●</span>` : nothing}
        ${options.changed && options.reset ? resetButton(options.label, options.reset) : nothing}
      </div>
      ${options.control({ id, field: options.field, describedBy: noteId, invalid })}
      <div id=${noteId}>
        ${problems.length > 0 ? problems.map((problem) => problemNote(problem, options.onFix)) : helpNote(options.help)}
      </div>
    </div>
  `;
}

function resetButton(label: string, reset: () => void): TemplateResult {
  return html`
    <button
      class="icon-button"
      type="button"
      title="Reset to the default"
      aria-label="Reset ${label}"
      @click=${reset}
    >
      <span class="codicon codicon-discard" aria-hidden="true"></span>
    </button>
  `;
}

function helpNote(help: string | TemplateResult | undefined): TemplateResult | typeof nothing {
  return help === undefined || help === '' ? nothing : html`<div class="help">${help}</div>`;
}

/** What is wrong, with its severity as icon and word, and the repairs. */
export function problemNote(
  problem: FieldProblem,
  onFix: (problem: FieldProblem, index: number) => void,
): TemplateResult {
  return html`
    <div class="problem ${problem.severity}">
      ${severityIcon(problem.severity)}
      <span>${problem.message}</span>
      ${problem.fixes?.map(
        ({ label }, index) => html`
          <button class="link" type="button" @click=${() => onFix(problem, index)}>${label}</button>
        `,
      )}
    </div>
  `;
}

const severityIcons: Readonly<Record<FieldProblem['severity'], readonly [icon: string, word: string]>> = {
  error: ['error', 'Error'],
  warning: ['warning', 'Warning'],
  hint: ['info', 'Hint'],
};

export function severityIcon(severity: FieldProblem['severity']): TemplateResult {
  const [icon, word] = severityIcons[severity];
  return html`<span class="codicon codicon-${icon}" role="img" aria-label=${word}></span>`;
}

export interface TextOptions {
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly numeric?: 'numeric' | 'decimal';
  /** Id of a `<datalist>` with suggestions. */
  readonly list?: string;
  readonly onInput: (text: string) => void;
}

/** A text input that keeps exactly what is typed, also in number fields. */
export function textInput(described: Described, options: TextOptions): TemplateResult {
  return html`
    <input
      type="text"
      id=${described.id}
      data-field=${described.field}
      aria-describedby=${described.describedBy}
      aria-invalid=${described.invalid ? 'true' : nothing}
      inputmode=${options.numeric ?? nothing}
      list=${options.list ?? nothing}
      placeholder=${options.placeholder ?? nothing}
      autocomplete="off"
      spellcheck="false"
      .value=${live(options.value)}
      @input=${(event: InputEvent) => options.onInput((event.target as HTMLInputElement).value)}
    />
  `;
}

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly disabled?: boolean;
}

export interface SelectOptions {
  readonly value: string;
  readonly choices: readonly Choice[];
  /** Names the control where its label belongs to another one. */
  readonly label?: string;
  readonly onChoose: (value: string) => void;
}

/** A native drop-down; a value that is not among the choices is shown as one more. */
export function selectInput(described: Described, options: SelectOptions): TemplateResult {
  const { value, choices } = options;
  const known = choices.some((choice) => choice.value === value);
  return html`
    <select
      id=${described.id}
      data-field=${described.field}
      aria-describedby=${described.describedBy}
      aria-invalid=${described.invalid ? 'true' : nothing}
      aria-label=${options.label ?? nothing}
      @change=${(event: Event) => options.onChoose((event.target as HTMLSelectElement).value)}
    >
      ${(known ? choices : [...choices, { value, text: value }]).map(
        (choice) => html`
          <option
            value=${choice.value}
            ?disabled=${choice.disabled}
            .selected=${live(choice.value === value)}
          >
            ${choice.text}
          </option>
        `,
      )}
    </select>
  `;
}
