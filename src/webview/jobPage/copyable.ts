import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { JobPageController } from './jobPageController.ts';
import type { Page } from './page.ts';

export interface CopyableOptions {
  readonly value: string;
  /** Says what is copied. */
  readonly what: string;
  /** Stands beside the value and is not copied. */
  readonly note?: TemplateResult | string | undefined;
}

/** A value that can be selected, with a button that copies it. */
export function copyable(
  page: Page,
  controller: JobPageController,
  { value, what, note }: CopyableOptions,
): TemplateResult {
  const icon = page.copied === value ? 'check' : 'copy';
  return html`
    <span class="copyable">
      <span class="value">${value}</span>
      ${note === undefined ? nothing : html`<span class="note">${note}</span>`}
      <button
        class="icon-button copy"
        type="button"
        title="Copy"
        aria-label="Copy ${what}"
        @click=${() => void controller.copy(value)}
      >
        <span class="codicon codicon-${icon}" aria-hidden="true"></span>
      </button>
    </span>
  `;
}
