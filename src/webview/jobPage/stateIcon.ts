import { html, type TemplateResult } from 'lit/html.js';

/** The icon of a state; its word stands beside it. `loading~spin` is a codicon that turns. */
export function stateIcon({
  icon,
  color,
}: {
  readonly icon: string;
  readonly color: string;
}): TemplateResult {
  const [name = '', spin] = icon.split('~');
  const classes = `codicon codicon-${name}${spin === 'spin' ? ' codicon-modifier-spin' : ''}`;
  return html`<span class=${classes} data-color=${color} aria-hidden="true"></span>`;
}
