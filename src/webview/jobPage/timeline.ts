import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobPage, TimelineStep } from '../../core/jobPage.ts';
import { durationOf, exactTimeOf } from '../words.ts';
import type { Page } from './page.ts';
import { stateIcon } from './stateIcon.ts';

/** The steps of a job with the time that each took; the last one of a running job goes on. */
export function timeline(page: Page, job: JobPage): TemplateResult | typeof nothing {
  if (job.timeline.length === 0) return nothing;
  return html`
    <section class="life" aria-label="Timeline">
      <ol>
        ${job.timeline.map((step) => stepView(step, page.nowMs))}
      </ol>
      ${job.message === undefined ? nothing : html`<p class="help">${job.message}</p>`}
    </section>
  `;
}

function stepView(step: TimelineStep, nowMs: number): TemplateResult {
  const { word, startMs, endMs, isEnd } = step;
  return html`
    <li class=${endMs === undefined ? 'step current' : 'step'} title=${exactTimeOf(startMs)}>
      ${stateIcon(step)}
      <span class="word">${word}</span>
      ${isEnd ? nothing : html`<span class="took">${durationOf((endMs ?? nowMs) - startMs)}</span>`}
    </li>
  `;
}
