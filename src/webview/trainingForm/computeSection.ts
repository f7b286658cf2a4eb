import { html, type TemplateResult } from 'lit/html.js';
import type { ComputeDraft } from '../../core/trainingDraft.ts';
import { field, textInput } from './field.ts';
import { numberText, type ReadyPage, type RuntimeUnit, secondsPerUnit } from './page.ts';
import type { ProblemView } from './problemView.ts';
import { section } from './section.ts';
import type { TrainingForm } from './trainingForm.ts';
import { durationOf } from '../words.ts';

/** Instances, their disk, and how long they may run. */
export function computeSection(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { compute } = page.draft;
  return section({
    page,
    form,
    view,
    fold: 'compute',
    title: 'Compute',
    fields: 'compute.',
    summary: `${instancesOf(page)} · ${compute.volumeSizeInGB} GB · stops after ${longestRun(page)}`,
    content: html`
      ${page.limits.localTrainer ? html`<p class="help">Recorded with the job. This computer trains it.</p>` : ''}
      <div class="fields">
        ${field({
          field: 'compute.instanceType',
          label: 'Instance type',
          key: 'InstanceType',
          help: 'The kind of machine that trains.',
          ...view,
          control: (described) => html`
            ${textInput(described, {
              value: compute.instanceType,
              list: 'instance-types',
              onInput: (instanceType) => form.edit((draft) => withCompute(draft, { instanceType })),
            })}
            <datalist id="instance-types">
              ${page.limits.instanceTypes.map((type) => html`<option value=${type}></option>`)}
            </datalist>
          `,
        })}
        ${numberField(page, form, view, 'instanceCount', 'Instances', 'InstanceCount', 'Machines that train together. 1 is usual.')}
        ${numberField(page, form, view, 'volumeSizeInGB', 'Volume size (GB)', 'VolumeSizeInGB', 'Disk for the data and the model on each machine.')}
        ${maxRuntime(page, form, view)}
      </div>
    `,
  });
}

/** `1 × ml.m5.xlarge`. */
export function instancesOf({ draft }: ReadyPage): string {
  return `${draft.compute.instanceCount} × ${draft.compute.instanceType}`;
}

/** The maximum run time for reading: `24 h`. */
export function longestRun({ draft }: ReadyPage): string {
  return durationOf(draft.compute.maxRuntimeInSeconds * 1000);
}

function numberField(
  page: ReadyPage,
  form: TrainingForm,
  view: ProblemView,
  member: 'instanceCount' | 'volumeSizeInGB',
  label: string,
  key: string,
  help: string,
): TemplateResult {
  return field({
    field: `compute.${member}`,
    label,
    key,
    help,
    ...view,
    control: (described) =>
      textInput(described, {
        value: numberText(page, `compute.${member}`, page.draft.compute[member]),
        numeric: 'numeric',
        onInput: (text) =>
          form.typeNumber(`compute.${member}`, text, (draft, value) =>
            withCompute(draft, { [member]: value }),
          ),
      }),
  });
}

const units: readonly RuntimeUnit[] = ['minutes', 'hours', 'days'];

function maxRuntime(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { runtimeUnit, draft } = page;
  const unitSeconds = secondsPerUnit[runtimeUnit];
  // Keeps what a unit cannot say in whole numbers, such as 90 minutes in hours.
  const shown = draft.compute.maxRuntimeInSeconds / unitSeconds;
  return field({
    field: 'compute.maxRuntimeInSeconds',
    label: 'Maximum run time',
    key: 'MaxRuntimeInSeconds',
    help: 'Training that takes longer is stopped.',
    ...view,
    control: (described) => html`
      <div class="in-line">
        ${textInput(described, {
          value: numberText(page, 'compute.maxRuntimeInSeconds', shown),
          numeric: 'numeric',
          onInput: (text) =>
            form.typeNumber('compute.maxRuntimeInSeconds', text, (old, value) =>
              withCompute(old, { maxRuntimeInSeconds: value * unitSeconds }),
            ),
        })}
        <select
          aria-label="Unit of the maximum run time"
          @change=${(event: Event) => {
            const unit = units[(event.target as HTMLSelectElement).selectedIndex];
            if (unit) form.setRuntimeUnit(unit);
          }}
        >
          ${units.map((unit) => html`<option .selected=${unit === runtimeUnit}>${unit}</option>`)}
        </select>
      </div>
    `,
  });
}

function withCompute<Draft extends { readonly compute: ComputeDraft }>(
  draft: Draft,
  members: Partial<ComputeDraft>,
): Draft {
  return { ...draft, compute: { ...draft.compute, ...members } };
}
