import { html, nothing, type TemplateResult } from 'lit/html.js';
import { displayName } from '../../core/jobName.ts';
import type { ReadyPage } from './page.ts';
import type { TrainingForm } from './trainingForm.ts';
import { timeOf } from '../words.ts';

/** What came of the last launch, or what else failed: beside the button, as the top of the form may be out of sight. */
export function outcome(page: ReadyPage, form: TrainingForm): TemplateResult {
  return html`${failed(page)} ${launched(page, form)}`;
}

function failed({ failure }: ReadyPage): TemplateResult | typeof nothing {
  return failure === undefined
    ? nothing
    : html`
        <div class="bar error">
          <span class="codicon codicon-error" role="img" aria-label="Error"></span>
          <span>${failure}</span>
        </div>
      `;
}

function launched({ launch }: ReadyPage, form: TrainingForm): TemplateResult | typeof nothing {
  if (launch.kind !== 'done') return nothing;
  const { jobName, atMs } = launch;
  return html`
    <div class="bar info" id="launched">
      <span class="codicon codicon-pass" aria-hidden="true"></span>
      <span>
        <span title=${jobName}>${displayName(jobName)}</span> launched at ${timeOf(atMs)}.
        <button class="link" type="button" @click=${() => form.openJob(jobName)}>Open Job</button> ·
        <button class="link" type="button" @click=${() => form.showLogs(jobName)}>Show Logs</button>. Change
        something and launch again.
      </span>
    </div>
  `;
}
