import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Delimiter } from '../../core/csvProfile.ts';
import type { ReadyPage } from './page.ts';
import type { TrainingForm } from './trainingForm.ts';
import { countOf, sizeOf, timeOf } from '../words.ts';

const delimiterWords: Readonly<Record<Delimiter, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
};

/** What is trained on and where, with what was read of the file. */
export function header({ fileName, profile, place }: ReadyPage, form: TrainingForm): TemplateResult {
  const facts = [
    countOf(profile.rows, 'row'),
    countOf(profile.columns.length, 'column'),
    sizeOf(profile.sizeBytes),
    delimiterWords[profile.delimiter],
    profile.encoding,
  ];
  return html`
    <header>
      <h1>Train on ${fileName}</h1>
      <div class="place">
        <span class="codicon codicon-${place.icon}" aria-hidden="true"></span> ${place.label}
        <button
          class="link"
          type="button"
          aria-label="Change where jobs run"
          @click=${() => form.changePlace()}
        >
          Change…
        </button>
      </div>
      <p class="facts">${facts.join(' · ')}</p>
    </header>
  `;
}

/** What happened to the file and the draft, one bar each, above the fields that stay usable. */
export function bars(page: ReadyPage, form: TrainingForm): TemplateResult {
  return html`${fileChanged(page, form)} ${continued(page, form)}`;
}

function fileChanged(page: ReadyPage, form: TrainingForm): TemplateResult | typeof nothing {
  const { fileChangedAtMs, draft } = page;
  return fileChangedAtMs === undefined
    ? nothing
    : html`
        <div class="bar warning" id="file-changed">
          <span class="codicon codicon-warning" role="img" aria-label="Warning"></span>
          <span>
            The file changed at ${timeOf(fileChangedAtMs)}.
            <button class="link" type="button" @click=${() => void form.readAgain(draft.data.hasHeader)}>
              Read again
            </button>
          </span>
        </div>
      `;
}

function continued({ continuedFromMs }: ReadyPage, form: TrainingForm): TemplateResult | typeof nothing {
  return continuedFromMs === undefined
    ? nothing
    : html`
        <div class="bar info" id="continued">
          <span class="codicon codicon-history" aria-hidden="true"></span>
          <span>
            Continued from ${timeOf(continuedFromMs)}.
            <button class="link" type="button" @click=${() => void form.startOver()}>Start over</button>
          </span>
        </div>
      `;
}
