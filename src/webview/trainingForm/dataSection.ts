import { guard } from 'lit/directives/guard.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { SplitDraft } from '../../core/trainingDraft.ts';
import { type Choice, field, problemNote, selectInput, textInput } from './field.ts';
import { findings } from './findings.ts';
import { type PartSizes, partSizes } from '../../core/split.ts';
import { numberText, type ReadyPage, type SplitPart } from './page.ts';
import { preview } from './preview.ts';
import { section } from './section.ts';
import { type TrainingForm, withData } from './trainingForm.ts';
import type { ProblemView } from './problemView.ts';
import { grouped, sentence } from '../words.ts';

/** The file: label, first row, preview, findings, and how its rows are split. */
export function dataSection(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  return section({
    page,
    form,
    view,
    fold: 'data',
    title: 'Data',
    fields: 'data.',
    summary: summaryOf(page),
    content: html`
      <div class="fields">${labelField(page, form, view)} ${firstRow(page, form)}</div>
      ${preview(page, form)} ${findings(page, form, view)} ${splitFields(page, form, view)}
    `,
  });
}

function summaryOf({ draft, profile }: ReadyPage): string {
  const label = draft.data.labelColumn === undefined ? undefined : profile.columns[draft.data.labelColumn];
  const rows = rowsOfParts(profile.rows, draft.data.split);
  return `${label ? `label ${label.name}` : 'no label chosen'} · ${rows} rows`;
}

function labelField(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { profile, draft } = page;
  const { labelColumn } = draft.data;
  const guess = profile.labelGuess;
  const choices: Choice[] = profile.columns.map(({ name }, index) => ({ value: String(index), text: name }));
  if (labelColumn === undefined) choices.unshift({ value: '', text: 'Choose a column…', disabled: true });
  return field({
    field: 'data.labelColumn',
    label: 'Label column',
    help:
      guess && guess.column === labelColumn
        ? `Guess: ${sentence(guess.reason)}`
        : 'The column to predict. Training data gets it as its first column.',
    ...view,
    control: (described) =>
      // A file can have thousands of columns; their choices are only drawn anew when something about them changed.
      html`${guard([profile, labelColumn, described.invalid], () =>
        selectInput(described, {
          value: labelColumn === undefined ? '' : String(labelColumn),
          choices,
          onChoose: (value) => form.apply({ kind: 'setLabel', column: Number(value) }),
        }),
      )}`,
  });
}

function firstRow({ draft, profile }: ReadyPage, form: TrainingForm): TemplateResult {
  const radio = (hasHeader: boolean, text: string): TemplateResult => html`
    <label class="radio">
      <input
        type="radio"
        name="first-row"
        .checked=${draft.data.hasHeader === hasHeader}
        aria-describedby="first-row-note"
        @change=${() => void form.readAgain(hasHeader)}
      />
      ${text}
    </label>
  `;
  return html`
    <fieldset class="field">
      <legend>First row</legend>
      <div class="radios">${radio(true, 'column names')} ${radio(false, 'data')}</div>
      <div id="first-row-note" class="help">${sentence(profile.headerReason)}</div>
    </fieldset>
  `;
}

const splitParts: readonly (readonly [
  part: Exclude<SplitPart, 'seed'>,
  member: keyof SplitDraft,
  label: string,
])[] = [
  ['train', 'trainPercent', 'Train'],
  ['validation', 'validationPercent', 'Validation'],
  ['test', 'testPercent', 'Test'],
];

function splitFields(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { draft, profile } = page;
  const { split } = draft.data;
  const sizes = sizesOf(profile.rows, split);
  const problems = view.problems.filter((problem) => problem.field === 'data.split');
  const invalid = problems.some(({ severity }) => severity === 'error');
  const inOrder = split.order === 'file';
  const described = { field: 'data.split', describedBy: 'split-note', invalid } as const;
  return html`
    <fieldset class="group">
      <legend>Split</legend>
      <div class="split">
        ${splitParts.map(
          ([part, member, label]) => html`
            <div class="field narrow">
              <label for="split-${part}">${label}</label>
              <div class="with-unit">
                ${textInput(
                  { ...described, id: `split-${part}`, describedBy: `split-${part}-rows split-note` },
                  {
                    value: numberText(page, `data.split.${part}`, split[member] as number),
                    numeric: 'numeric',
                    onInput: (text) => typeSplit(form, part, member, text),
                  },
                )}
                <span>%</span>
              </div>
              <div class="help" id="split-${part}-rows">
                ${sizes ? `= ${grouped(sizes[part])} rows` : '–'}
              </div>
            </div>
          `,
        )}
        <div class="field">
          <label for="split-order">Order</label>
          ${selectInput(
            { ...described, id: 'split-order', describedBy: 'split-order-note', invalid: false },
            {
              value: split.order,
              choices: [
                { value: 'shuffled', text: 'Shuffled' },
                { value: 'file', text: 'As in the file' },
              ],
              onChoose: (order) =>
                form.choose((old) =>
                  withData(old, {
                    split: { ...old.data.split, order: order === 'file' ? 'file' : 'shuffled' },
                  }),
                ),
            },
          )}
          <div class="help" id="split-order-note">
            ${inOrder ? 'The first rows train, the last ones test.' : 'Rows are dealt out at random.'}
          </div>
        </div>
        ${
          inOrder
            ? nothing
            : html`
                <div class="field narrow">
                  <label for="split-seed">Seed</label>
                  ${textInput(
                    { ...described, id: 'split-seed', describedBy: 'split-seed-note split-note' },
                    {
                      value: numberText(page, 'data.split.seed', split.seed),
                      numeric: 'numeric',
                      onInput: (text) => typeSplit(form, 'seed', 'seed', text),
                    },
                  )}
                  <div class="help" id="split-seed-note">Same seed, same split.</div>
                </div>
              `
        }
      </div>
      <div id="split-note">${problems.map((problem) => problemNote(problem, view.onFix))}</div>
    </fieldset>
  `;
}

function typeSplit(form: TrainingForm, part: SplitPart, member: keyof SplitDraft, text: string): void {
  form.typeNumber(`data.split.${part}`, text, (draft, value) =>
    withData(draft, { split: { ...draft.data.split, [member]: value } }),
  );
}

/** `354/76/76`, or a dash while the per cents don't add up. */
export function rowsOfParts(rows: number, split: SplitDraft): string {
  const sizes = sizesOf(rows, split);
  return sizes ? [sizes.train, sizes.validation, sizes.test].map(grouped).join('/') : '–';
}

function sizesOf(rows: number, split: SplitDraft): PartSizes | undefined {
  const sum = split.trainPercent + split.validationPercent + split.testPercent;
  return sum === 100 ? partSizes(rows, split) : undefined;
}
