import { html, type TemplateResult } from 'lit/html.js';
import type { OutputDraft } from '../../core/trainingDraft.ts';
import { field, textInput } from './field.ts';
import type { ReadyPage } from './page.ts';
import type { ProblemView } from './problemView.ts';
import { section } from './section.ts';
import type { TrainingForm } from './trainingForm.ts';

/** Where data and model are put, and in whose name the job runs. */
export function outputSection(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const { output } = page.draft;
  const text = (member: keyof OutputDraft, label: string, key: string, help: string): TemplateResult =>
    field({
      field: `output.${member}`,
      label,
      key,
      help,
      wide: true,
      ...view,
      control: (described) =>
        textInput(described, {
          value: output[member],
          onInput: (value) =>
            form.edit((draft) => ({ ...draft, output: { ...draft.output, [member]: value } })),
        }),
    });
  return section({
    page,
    form,
    view,
    fold: 'output',
    title: 'Output',
    fields: 'output.',
    summary: output.s3Uri,
    content: html`
      <div class="fields">
        ${text('s3Uri', 'Output location', 'S3OutputPath', 'Each job gets a folder of its own name in here, for its data and its model.')}
        ${text('roleArn', 'Execution role', 'RoleArn', 'The role that SageMaker takes on to read the data and write the model.')}
      </div>
    `,
  });
}
