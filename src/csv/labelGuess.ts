import type { CsvColumn } from '../core/csvProfile.ts';

/** Names that say "this is what to predict", by how seldom they mean anything else. */
const surely = new Set(
  (
    'target label labels y churn churned survived outcome diagnosis species medv benign malignant response ' +
    'dependent groundtruth'
  ).split(' '),
);
const probably = new Set(
  (
    'class category price value default quality result score rating income salary fraud converted clicked ' +
    'grade type status cost revenue sales demand count'
  ).split(' '),
);

/** The most distinct whole numbers that the first column of a file without names may have to look like classes. */
const mostClasses = 20;

/**
 * Guesses which column is to be predicted, with the reason in words; `undefined` without a good reason.
 * A column that counts rows, has one value or is called an id is never guessed.
 */
export function guessLabel(
  columns: readonly CsvColumn[],
  hasHeader: boolean,
): { readonly column: number; readonly reason: string } | undefined {
  return hasHeader ? guessByName(columns) : guessByConvention(columns[0]);
}

function guessByName(columns: readonly CsvColumn[]): { column: number; reason: string } | undefined {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  let best: { column: number; reason: string } | undefined;
  let bestWeight = 0;
  columns.forEach((column, index) => {
    if (!mayBeLabel(column)) return;
    // Beside z, y is a coordinate.
    const byName = column.name.toLowerCase() === 'y' && names.has('z') ? 0 : weightOfName(column.name);
    if (byName === 0) return;
    const place = index === columns.length - 1 ? 'last' : index === 0 ? 'first' : undefined;
    const weight = byName + (place === 'last' ? 1.5 : place === 'first' ? 1 : 0);
    if (weight < bestWeight) return;
    bestWeight = weight;
    best = { column: index, reason: `${place ? `${place} column, ` : ''}named like a target` };
  });
  return best;
}

function weightOfName(name: string): number {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const whole = words.join('');
  if (surely.has(whole) || surely.has(last)) return 4;
  if (probably.has(whole)) return 2;
  // A sale_price is a target less often than a price.
  return probably.has(last) ? 1 : 0;
}

/** SageMaker's own convention for files without names: the label is the first column. */
function guessByConvention(first: CsvColumn | undefined): { column: number; reason: string } | undefined {
  if (!first || first.kind !== 'integer' || !mayBeLabel(first) || first.distinctCount > mostClasses)
    return undefined;
  return {
    column: 0,
    reason: `first column, as SageMaker has it, with ${first.distinctCount} whole numbers`,
  };
}

function mayBeLabel(column: CsvColumn): boolean {
  const isId = ['id', 'uuid', 'guid', 'index', 'key', 'rownum'].includes(wordsOf(column.name).at(-1) ?? '');
  return !isId && !column.isRowNumber && column.kind !== 'empty' && column.distinctCount > 1;
}

/** `SalePrice`, `sale_price` and `sale price` → `sale`, `price`. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
