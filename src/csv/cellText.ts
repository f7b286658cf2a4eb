import { isQuoted, type RowReader } from './rowReader.ts';

/** How the text of a file is written. */
export type TextEncoding = 'UTF-8' | 'Latin-1';

/** Makes strings of cells. Numbers never need it; names, examples and the preview do. */
export class CellText {
  readonly #decode: (bytes: Uint8Array) => string;

  constructor(encoding: TextEncoding) {
    const decoder = new TextDecoder(encoding === 'UTF-8' ? 'utf-8' : 'latin1', { ignoreBOM: true });
    this.#decode = (bytes) => decoder.decode(bytes);
  }

  /** The text of a cell of the reader's current row: quotes taken off, blanks around it kept as they are. */
  read(row: RowReader, cell: number): string {
    const text = this.#decode(row.bytes.subarray(row.starts[cell], row.ends[cell]));
    return (row.kinds[cell]! & isQuoted) === 0 ? text : unquoted(text);
  }

  /** The texts of all cells of the reader's current row. */
  readAll(row: RowReader): string[] {
    return Array.from({ length: row.cells }, (_, cell) => this.read(row, cell));
  }
}

/** UTF-8 unless the bytes can't be; then each byte is taken as one character, which loses nothing but accents. */
export function textEncodingOf(sample: Uint8Array): TextEncoding {
  try {
    // `stream` forgives a character that the end of the sample cuts in two.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return 'UTF-8';
  } catch {
    return 'Latin-1';
  }
}

/** `"a ""b"" c"d` → `a "b" cd`: pairs of quotes stand for one, the closing quote and blanks after it for nothing. */
function unquoted(text: string): string {
  const close = /^"((?:[^"]|"")*)"(.*)$/s.exec(text);
  if (!close) return text;
  const [, inside = '', after = ''] = close;
  return inside.replaceAll('""', '"') + (after.trim() === '' ? '' : after);
}
