/** Matches an element whose whole text is `text`: Playwright's own text selectors match the innermost element only. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** Quotes `text` for use inside a CSS attribute selector. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
