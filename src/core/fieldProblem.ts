import type { CsvColumn } from './csvProfile.ts';
import type { DraftFix, FieldProblem } from './trainingDraft.ts';

/** A problem that blocks a launch, with its repairs, the best first. */
export function fieldError(
  field: FieldProblem['field'],
  message: string,
  ...fixes: readonly DraftFix[]
): FieldProblem {
  return { field, severity: 'error', message, ...(fixes.length > 0 && { fixes }) };
}

/** `"price" has text in 3 rows (line 17: "n/a").` */
export function textFound({ name, textCount, textExamples }: CsvColumn): string {
  const [first] = textExamples;
  const example = first ? ` (line ${first.line}: "${first.text}")` : '';
  return `"${name}" has text in ${counted(textCount, 'row')}${example}.`;
}

/** `3 rows`, `1 row` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
