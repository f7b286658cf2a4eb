import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobAction, JobPage } from '../../core/jobPage.ts';
import { durationOf, exactTimeOf, timeOf } from '../words.ts';
import { copyable } from './copyable.ts';
import type { JobPageController } from './jobPageController.ts';
import type { Page, ReadyState } from './page.ts';
import { stateIcon } from './stateIcon.ts';

const actionLabels: Readonly<Record<JobAction, string>> = {
  stopJob: 'Stop Job…',
  showLogs: 'Show Logs',
  deleteJob: 'Delete Job…',
};

/** Which job it is, how it stands, and what can be done about it. */
export function header(page: Page, state: ReadyState, controller: JobPageController): TemplateResult {
  const { job, place, notice } = state;
  return html`
    <header>
      <h1>${stateIcon(job.status)} ${job.title}</h1>
      <div class="actions">${actions(state, controller)}</div>
      <p class="full-name">${copyable(page, controller, { value: job.name, what: 'name' })}</p>
      <p class="facts">
        <span class="codicon codicon-${place.icon}" aria-hidden="true"></span> ${place.shortLabel} ·
        ${standing(job, page.nowMs, notice?.kind === 'gone' || notice?.kind === 'elsewhere')}
        ${job.billableSeconds === undefined ? nothing : html`· Billable ${durationOf(job.billableSeconds * 1000)}`}
      </p>
    </header>
  `;
}

/** `Completed 14:02 in 7 s`, or `Training · started 14:02 · 42 s` while the job runs. */
function standing({ status, createdMs, endedMs }: JobPage, nowMs: number, isStale: boolean): TemplateResult {
  const time = (ms: number): TemplateResult =>
    html`<time datetime=${new Date(ms).toISOString()} title=${exactTimeOf(ms)}>${timeOf(ms)}</time>`;
  if (endedMs !== undefined) {
    return html`<strong>${status.word}</strong> ${time(endedMs)} in ${durationOf(endedMs - createdMs)}`;
  }
  return html`<strong>${status.word}</strong> · started ${time(createdMs)}
    ${isStale ? nothing : html`· <span class="elapsed">${durationOf(nowMs - createdMs)}</span>`}`;
}

/** The first thing to do is the primary button. What needs the service is only there while the job is in reach. */
function actions({ job, notice }: ReadyState, controller: JobPageController): TemplateResult {
  const inReach = notice?.kind !== 'gone' && notice?.kind !== 'elsewhere';
  return html`
    ${
      inReach
        ? job.actions.map(
            (action, index) => html`
              <button
                class=${index === 0 ? 'primary' : 'secondary'}
                type="button"
                @click=${() => controller.ask(action)}
              >
                ${actionLabels[action]}
              </button>
            `,
          )
        : nothing
    }
    <button class="secondary" type="button" @click=${() => void controller.copy(job.arn)}>Copy ARN</button>
    ${
      inReach
        ? html`
            <button class="secondary" type="button" @click=${() => controller.ask('showJson')}>
              Show as JSON
            </button>
          `
        : nothing
    }
  `;
}
