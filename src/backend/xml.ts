/** XML text of an element: children are elements (strings made by `element`), text is escaped by `text`. */
export function element(name: string, content: string, attributes = ''): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

/** Elements with text, in the order given; those that are `undefined` are left out. */
export function textElements(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : element(name, escapeXml(String(value)))))
    .join('');
}

export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

/** Escapes text for an element's content. Line ends and controls as references, or a parser would change or refuse them. */
export function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex -- keys may contain control characters
  return text.replace(/[&<>"'\u0000-\u001f\u007f]/g, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      default:
        return `&#x${character.charCodeAt(0).toString(16)};`;
    }
  });
}
