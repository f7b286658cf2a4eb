import fc from 'fast-check';
import type { Delimiter } from '../../../src/core/csvProfile.ts';
import { CellText } from '../../../src/csv/cellText.ts';
import { RowReader } from '../../../src/csv/rowReader.ts';

/** Properties are checked with the same cases every time. */
export const seeded = { seed: 20261122, numRuns: 300 };

const encoder = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Cuts bytes into chunks of the given lengths, which are used again and again. */
export function chunksOf(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const length = lengths[index % lengths.length] ?? 1;
    chunks.push(bytes.slice(start, start + length));
    start += length;
  }
  return chunks;
}

/** Reads all rows of a text that arrives in chunks, as texts with their lines. */
export function readAll(
  chunks: readonly Uint8Array[],
  delimiter: Delimiter = ',',
): { line: number; cells: string[] }[] {
  const reader = new RowReader(delimiter);
  const text = new CellText('UTF-8');
  const rows: { line: number; cells: string[] }[] = [];
  const take = (): void => {
    while (reader.next()) rows.push({ line: reader.line, cells: text.readAll(reader) });
  };
  for (const chunk of chunks) {
    reader.push(chunk);
    take();
  }
  reader.end();
  take();
  return rows;
}

/** Writes a table as RFC 4180 has it; `quoteAll` also quotes what needs no quotes. */
export function writeCsv(
  rows: readonly (readonly string[])[],
  dialect: { delimiter: Delimiter; lineEnd: string; quoteAll: boolean },
): string {
  const cell = (text: string): string =>
    dialect.quoteAll || /["\r\n]/.test(text) || text.includes(dialect.delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  return rows.map((row) => row.map(cell).join(dialect.delimiter) + dialect.lineEnd).join('');
}

export const anyDialect = fc.record({
  delimiter: fc.constantFrom<Delimiter>(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  quoteAll: fc.boolean(),
});

export const anyChunkLengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

/** Numbers as files write them: the digits matter, not only the value. */
export const anyNumberText = fc.oneof(
  fc.integer({ min: -1000, max: 100000 }).map(String),
  fc
    .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 99999 }))
    .map(([a, b]) => `${a}.${b}0`),
  fc.constantFrom('0', '-0.5', '.5', '5.', '+3', '1e-10', '2.50E+3', '007', '1234567890123456789.25'),
);
