import { html, type TemplateResult } from 'lit/html.js';
import { algorithmSection } from './algorithmSection.ts';
import { computeSection } from './computeSection.ts';
import { dataSection } from './dataSection.ts';
import { footer } from './footer.ts';
import { bars, header } from './header.ts';
import { outputSection } from './outputSection.ts';
import { type Page, problemsOf, type ReadyPage, type UnreadablePage } from './page.ts';
import type { ProblemView } from './problemView.ts';
import type { TrainingForm } from './trainingForm.ts';

/** Draws a page. */
export function view(page: Page, form: TrainingForm): TemplateResult {
  switch (page.kind) {
    case 'loading':
      return skeleton();
    case 'unreadable':
      return unreadable(page, form);
    case 'ready':
      return ready(page, form);
  }
}

function ready(page: ReadyPage, form: TrainingForm): TemplateResult {
  const problems: ProblemView = {
    problems: problemsOf(page),
    onFix: (problem, index) => {
      const fix = problem.fixes?.[index];
      if (fix) form.apply(fix.change);
    },
  };
  return html`
    <div class="page">
      ${header(page, form)} ${bars(page, form)}
      <div class="sections" @focusout=${() => form.settle()}>
        ${dataSection(page, form, problems)} ${algorithmSection(page, form, problems)}
        ${computeSection(page, form, problems)} ${outputSection(page, form, problems)}
      </div>
    </div>
    <div @focusout=${() => form.settle()} class="footer-frame">${footer(page, form, problems)}</div>
  `;
}

function unreadable({ fileName, reason }: UnreadablePage, form: TrainingForm): TemplateResult {
  return html`
    <div class="centred">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <h1>${fileName === '' ? reason : `Can't train on ${fileName}: ${reason.replace(/\.$/, '')}.`}</h1>
      <button class="primary" type="button" @click=${() => form.chooseAnotherFile()}>
        Choose Another File…
      </button>
    </div>
  `;
}

/** Grey bars where the page will stand, while the file is read. */
function skeleton(): TemplateResult {
  const bar = (kind: string): TemplateResult => html`<div class="bone ${kind}"></div>`;
  return html`
    <div class="page" aria-busy="true">
      <h1 class="visually-hidden">Reading the file</h1>
      ${bar('title')} ${bar('line')} ${bar('line')}
      <div class="fields">${bar('input')} ${bar('input')}</div>
      ${bar('table')} ${bar('line')}
      <div class="fields">${bar('input')} ${bar('input')} ${bar('input')} ${bar('input')}</div>
    </div>
  `;
}
