import { cellKind } from './numberCell.ts';

/** A row of the sample: its texts (trimmed) and the kinds of its cells (`cellKind`). */
export interface SampleRow {
  readonly texts: readonly string[];
  readonly kinds: readonly number[];
}

/** Tells whether the first row holds the columns' names, and why, in a sentence. */
export function detectHeader(rows: readonly SampleRow[]): {
  readonly hasHeader: boolean;
  readonly reason: string;
} {
  const [first, ...below] = rows;
  if (!first || below.length === 0) return onlyRow(first);
  let namesOverNumbers = 0;
  let numbersOverNumbers = 0;
  first.kinds.forEach((kind, column) => {
    if (!isNumeric(below, column)) return;
    if (kind === cellKind.text) namesOverNumbers++;
    if (kind === cellKind.number) numbersOverNumbers++;
  });
  if (namesOverNumbers > numbersOverNumbers)
    return { hasHeader: true, reason: 'The first row has names where the rows below have numbers.' };
  if (numbersOverNumbers > 0)
    return { hasHeader: false, reason: 'The first row has numbers like the rows below.' };
  const repeats = first.texts.some((text, column) => below.some((row) => row.texts[column] === text));
  const distinct = new Set(first.texts).size === first.texts.length;
  if (!repeats && distinct && first.kinds.every((kind) => kind === cellKind.text))
    return { hasHeader: true, reason: 'The first row’s words do not come again below.' };
  return { hasHeader: false, reason: 'The first row looks like the rows below.' };
}

function onlyRow(first: SampleRow | undefined): { hasHeader: boolean; reason: string } {
  return first?.kinds.every((kind) => kind === cellKind.text)
    ? { hasHeader: true, reason: 'The only row has names.' }
    : { hasHeader: false, reason: 'The only row has no names.' };
}

/** At least half of what is not missing is numbers. */
function isNumeric(rows: readonly SampleRow[], column: number): boolean {
  const kinds = rows.map((row) => row.kinds[column]);
  const numbers = kinds.filter((kind) => kind === cellKind.number).length;
  const texts = kinds.filter((kind) => kind === cellKind.text).length;
  return numbers > 0 && numbers >= texts;
}
