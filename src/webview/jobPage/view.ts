import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobPageNotice } from '../../protocol/jobPage.ts';
import { timeOf } from '../words.ts';
import { failureBox } from './failureBox.ts';
import { header } from './header.ts';
import type { JobPageController } from './jobPageController.ts';
import { metricsView } from './metricsView.ts';
import type { Page, ReadyState } from './page.ts';
import { sections } from './sections.ts';
import { timeline } from './timeline.ts';

/** Draws a page. */
export function view(page: Page, controller: JobPageController): TemplateResult {
  const { state, failure } = page;
  if (failure !== undefined) return centred(failure, nothing);
  switch (state?.kind) {
    case undefined:
    case 'loading':
      return skeleton();
    case 'unknown':
      return unknown(state.notice, controller);
    case 'ready':
      return ready(page, state, controller);
  }
}

function ready(page: Page, state: ReadyState, controller: JobPageController): TemplateResult {
  const { job, notice } = state;
  return html`
    <div class="page">
      ${header(page, state, controller)} ${notice ? bar(notice, controller) : nothing}
      ${job.failure ? failureBox(page, job.failure, controller) : nothing} ${timeline(page, job)}
      ${metricsView(page, job, controller)} ${sections(page, job, controller)}
    </div>
  `;
}

function bar({ kind, text, sinceMs }: JobPageNotice, controller: JobPageController): TemplateResult {
  if (kind !== 'interrupted') {
    return html`
      <div class="bar warning" id="notice">
        <span class="codicon codicon-warning" role="img" aria-label="Warning"></span>
        <span>${text} Its last known state is below.</span>
      </div>
    `;
  }
  const asOf = sinceMs === undefined ? '' : `As of ${timeOf(sinceMs)}. `;
  return html`
    <div class="bar warning" id="notice">
      <span class="codicon codicon-warning" role="img" aria-label="Warning"></span>
      <span>
        ${asOf}${text}
        <button class="link" type="button" @click=${() => controller.ask('retry')}>Try again</button>
      </span>
    </div>
  `;
}

function unknown({ kind, text }: JobPageNotice, controller: JobPageController): TemplateResult {
  const canRetry = kind === 'interrupted';
  return centred(
    text,
    html`
      <button class="primary" type="button" @click=${() => controller.ask(canRetry ? 'retry' : 'closePage')}>
        ${canRetry ? 'Try Again' : 'Close'}
      </button>
    `,
  );
}

function centred(sentence: string, button: TemplateResult | typeof nothing): TemplateResult {
  return html`
    <div class="centred">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <h1>${sentence}</h1>
      ${button}
    </div>
  `;
}

/** Grey bars where the page will stand, while the service is asked. */
function skeleton(): TemplateResult {
  const bone = (kind: string): TemplateResult => html`<div class="bone ${kind}"></div>`;
  return html`
    <div class="page" aria-busy="true">
      <h1 class="visually-hidden">Reading the job</h1>
      ${bone('title')} ${bone('line')} ${bone('timeline')}
      <div class="sections">${bone('facts')} ${bone('facts')} ${bone('facts')}</div>
    </div>
  `;
}
