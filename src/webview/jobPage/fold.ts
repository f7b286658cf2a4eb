import { html, type TemplateResult } from 'lit/html.js';
import type { JobPageController } from './jobPageController.ts';
import type { Page } from './page.ts';

export interface FoldOptions {
  readonly name: string;
  readonly openAtFirst: boolean;
  readonly summary: TemplateResult;
  readonly content: TemplateResult;
}

/** A part that folds and stays as the user left it. */
export function fold(page: Page, controller: JobPageController, options: FoldOptions): TemplateResult {
  const { name, openAtFirst, summary, content } = options;
  return html`
    <details
      data-fold=${name}
      .open=${page.folds[name] ?? openAtFirst}
      @toggle=${(event: Event) => {
        const { open } = event.currentTarget as HTMLDetailsElement;
        if (open !== (page.folds[name] ?? openAtFirst)) controller.setFold(name, open);
      }}
    >
      <summary>${summary}</summary>
      ${content}
    </details>
  `;
}
