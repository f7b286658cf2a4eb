import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobMetrics, JobPage } from '../../core/jobPage.ts';
import { copyable } from './copyable.ts';
import type { JobPageController } from './jobPageController.ts';
import type { Page } from './page.ts';

const missingText: Readonly<Record<NonNullable<JobMetrics['missing']>, string>> = {
  notYet: 'No round has been logged yet.',
  reading: 'Reading the log…',
  none: 'The log has no metrics.',
  unreadable: 'The log could not be read.',
};

/** The metric that stands for the job, and its like on the training data. */
export function metricsView(page: Page, job: JobPage, controller: JobPageController): TemplateResult {
  const { values, progress, missing } = job.metrics;
  return html`
    <section class="metrics" aria-label="Metrics">
      ${missing === undefined ? nothing : html`<p class="help">${missingText[missing]}</p>`}
      ${
        values.length === 0
          ? nothing
          : html`
              <dl>
                ${values.map(
                  ({ name, text, note }) => html`
                    <div class="fact">
                      <dt>${name}</dt>
                      <dd>${copyable(page, controller, { value: text, what: name, note })}</dd>
                    </div>
                  `,
                )}
              </dl>
            `
      }
      ${progress === undefined ? nothing : html`<p class="help">${progress}</p>`}
    </section>
  `;
}
