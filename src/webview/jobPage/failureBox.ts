import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobFailure } from '../../core/jobPage.ts';
import { fold } from './fold.ts';
import type { JobPageController } from './jobPageController.ts';
import type { Page } from './page.ts';

/** Why a job has failed: the cause where it is known, the service's words, and the end of the log. */
export function failureBox(page: Page, failure: JobFailure, controller: JobPageController): TemplateResult {
  const { cause, reason, lastLines } = failure;
  const words = (name: string, label: string, text: string, openAtFirst: boolean): TemplateResult =>
    fold(page, controller, {
      name,
      openAtFirst,
      summary: html`${label}`,
      content: html`<pre tabindex="0" role="region" aria-label=${label}>${text}</pre>`,
    });
  return html`
    <section class="failure" aria-label="Why it failed">
      <p>
        <span class="codicon codicon-error" aria-hidden="true"></span>
        <strong>${cause ?? (reason === '' ? 'The service gives no reason.' : 'The job failed.')}</strong>
      </p>
      ${reason === '' ? nothing : words('reason', "Service's words", reason, cause === undefined)}
      ${
        lastLines.length === 0
          ? nothing
          : words('lastLines', lastLinesLabel(lastLines.length), lastLines.join('\n'), false)
      }
    </section>
  `;
}

function lastLinesLabel(count: number): string {
  return count === 1 ? 'Last log line' : `Last ${count} log lines`;
}
