import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobFact, JobPage } from '../../core/jobPage.ts';
import { durationOf } from '../words.ts';
import { copyable } from './copyable.ts';
import { fold } from './fold.ts';
import type { JobPageController } from './jobPageController.ts';
import type { Page } from './page.ts';

interface Fact extends JobFact {
  readonly defaultValue?: string;
}

/** What the job was given and what it left, as lists of facts in columns. */
export function sections(page: Page, job: JobPage, controller: JobPageController): TemplateResult {
  const { hyperparameters, channels, artifacts, compute } = job;
  const section = (
    name: string,
    title: string,
    about: string,
    facts: readonly Fact[],
  ): TemplateResult => html`
    <div class="section">
      ${fold(page, controller, {
        name,
        openAtFirst: true,
        summary: html`<h2>${title}</h2>
          ${about === '' ? nothing : html`<span class="summary">${about}</span>`}`,
        content: factList(page, controller, facts),
      })}
    </div>
  `;
  const { maxRuntimeInSeconds, instancesUnused } = compute;
  return html`
    <div class="sections">
      ${section('hyperparameters', 'Hyperparameters', `${hyperparameters.length} set`, hyperparameters)}
      <div>${section('data', 'Data', '', channels)} ${section('artifacts', 'Artifacts', '', artifacts)}</div>
      ${section('compute', 'Compute', instancesUnused ? 'instances recorded, not used locally' : '', [
        ...compute.facts,
        ...(maxRuntimeInSeconds === undefined
          ? []
          : [{ name: 'Maximum run time', value: durationOf(maxRuntimeInSeconds * 1000) }]),
      ])}
    </div>
  `;
}

function factList(page: Page, controller: JobPageController, facts: readonly Fact[]): TemplateResult {
  if (facts.length === 0) return html`<p class="help">None.</p>`;
  return html`
    <dl>
      ${facts.map(
        ({ name, value, defaultValue }) => html`
          <div class="fact">
            <dt>${name}</dt>
            <dd>
              ${copyable(page, controller, {
                value,
                what: name,
                note: defaultValue === undefined ? undefined : defaultNote(defaultValue),
              })}
            </dd>
          </div>
        `,
      )}
    </dl>
  `;
}

/** What would hold if nothing had been set; its place says so to the eye. */
function defaultNote(defaultValue: string): TemplateResult {
  return html`(<span class="visually-hidden">default </span>${defaultValue})`;
}
