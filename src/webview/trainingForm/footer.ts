import { html, nothing, type TemplateResult } from 'lit/html.js';
import { instancesOf, longestRun } from './computeSection.ts';
import { rowsOfParts } from './dataSection.ts';
import { problemNote, textInput } from './field.ts';
import { fieldId } from './focus.ts';
import { outcome } from './outcome.ts';
import type { ReadyPage } from './page.ts';
import type { ProblemView } from './problemView.ts';
import type { TrainingForm } from './trainingForm.ts';
import { countOf, sizeOf } from '../words.ts';

/** Two lines that stay in sight: the job's name and what it takes, then Launch, what is in its way and what came of it. */
export function footer(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const errors = view.problems.filter(({ severity }) => severity === 'error').length;
  return html`
    <footer>
      <div class="footer-line">
        ${jobName(page, form, view)}
        <div class="facts">${facts(page)}</div>
      </div>
      <div class="footer-line">
        <button
          class="primary"
          type="button"
          id="launch"
          aria-busy=${page.launch.kind === 'running'}
          @click=${() => void form.launch()}
        >
          ${page.place.launchLabel}
        </button>
        ${
          errors === 0
            ? nothing
            : html`
                <button class="link problems-link" type="button" @click=${() => form.goToFirstProblem()}>
                  ${countOf(errors, 'problem')}: go to ${errors === 1 ? 'it' : 'the first'}
                </button>
              `
        }
        ${outcome(page, form)}
      </div>
    </footer>
  `;
}

function jobName(page: ReadyPage, form: TrainingForm, view: ProblemView): TemplateResult {
  const problems = view.problems.filter(({ field }) => field === 'jobName');
  const name = page.draft.jobName;
  const id = fieldId('jobName');
  return html`
    <div class="job-name">
      <div class="in-line">
        <label for=${id}>Job name</label>
        ${textInput(
          {
            id,
            field: 'jobName',
            describedBy: 'job-name-note',
            invalid: problems.some(({ severity }) => severity === 'error'),
          },
          { value: name, onInput: (text) => form.typeJobName(text) },
        )}
        ${
          problems.length === 0 && page.freeName === name
            ? html`<span class="free"
                ><span class="codicon codicon-check" aria-hidden="true"></span> free</span
              >`
            : nothing
        }
      </div>
      <div id="job-name-note">${problems.map((problem) => problemNote(problem, view.onFix))}</div>
    </div>
  `;
}

function facts(page: ReadyPage): string {
  const { profile, draft, place } = page;
  const rows = rowsOfParts(profile.rows, draft.data.split);
  const cost = place.billed
    ? `at most ${instancesOf(page)} × ${longestRun(page)} · billed by AWS per second of training`
    : 'no cost';
  return `${rows} rows · about ${sizeOf(profile.sizeBytes)} to upload · ${cost}`;
}
