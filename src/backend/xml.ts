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

/** An element that was read. Attributes aren't kept: no request has one that matters. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly inside, decoded; of an element with children, what stands between them. */
  readonly text: string;
}

const maxDepth = 16;
const name = '[A-Za-z_][\\w.-]*';
const attribute = `\\s+${name}(?::${name})?\\s*=\\s*(?:"[^"<]*"|'[^'<]*')`;
/** A tag, or the text up to the next one. */
const token = new RegExp(`<(/?)(${name})((?:${attribute})*)\\s*(/?)>|([^<]+)`, 'y');

/**
 * Reads a document of elements and text. Everything that such documents could do harm with (document types, entities of
 * their own, processing instructions) is refused, like anything malformed: the answer is `undefined`.
 */
export function parseXml(document: string): XmlElement | undefined {
  const body = document.replace(/^\uFEFF?\s*(<\?xml\s[^<>]*\?>)?/, '');
  const root = { name: '', children: [] as XmlElement[], text: '' };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < body.length) {
    const match = token.exec(body);
    const top = open.at(-1);
    if (match === null || top === undefined) return undefined;
    const [, slash, tag, , selfClosing, text] = match;
    if (text !== undefined) {
      const decoded = decodeEntities(text);
      if (decoded === undefined || (top === root && decoded.trim() !== '')) return undefined;
      top.text += decoded;
    } else if (slash === '/') {
      if (top.name !== tag || top === root || selfClosing === '/') return undefined;
      open.pop();
    } else {
      const child = { name: tag!, children: [], text: '' };
      if (open.length > maxDepth || (top === root && root.children.length > 0)) return undefined;
      top.children.push(child);
      if (selfClosing !== '/') open.push(child);
    }
  }
  return open.length === 1 ? root.children[0] : undefined;
}

/** The text of the first child with the name; `undefined` when there is none. */
export function childText(element: XmlElement, childName: string): string | undefined {
  return element.children.find((child) => child.name === childName)?.text;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string | undefined {
  let isValid = true;
  const decoded = text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));|&/gi,
    (_all, hex, decimal, entity) => {
      const code =
        hex !== undefined ? parseInt(String(hex), 16) : decimal !== undefined ? Number(decimal) : undefined;
      if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
      const character =
        typeof entity === 'string' && Object.hasOwn(entities, entity) ? entities[entity] : undefined;
      isValid &&= character !== undefined;
      return character ?? '';
    },
  );
  return isValid ? decoded : undefined;
}
