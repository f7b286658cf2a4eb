import type { DraftField, FieldProblem } from '../../core/trainingDraft.ts';
import type { Folds } from './page.ts';

/** The id of the control of a draft field; characters that selectors would trip over are replaced. */
export function fieldId(field: string): string {
  return `field-${field.replace(/[^A-Za-z0-9_-]/g, '-')}`;
}

/**
 * Focuses the first control, in reading order, that one of the problems is about.
 * Controls carry their field in `data-field`, folded sections their name in `data-fold`.
 */
export function focusFirstProblem(
  problems: readonly FieldProblem[],
  unfold: (fold: keyof Folds) => void,
): void {
  const fields = new Set<string>(problems.map(({ field }) => field));
  const control = [...document.querySelectorAll<HTMLElement>('[data-field]')].find((candidate) =>
    fields.has(candidate.dataset['field'] ?? ''),
  );
  if (control) reveal(control, unfold);
}

/** Focuses the control of a field, wherever it is folded away. */
export function focusField(field: DraftField, unfold: (fold: keyof Folds) => void): void {
  const control = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  if (control) reveal(control, unfold);
}

function reveal(control: HTMLElement, unfold: (fold: keyof Folds) => void): void {
  for (let fold = control.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) {
    if (!fold.open) unfold(fold.dataset['fold'] as keyof Folds);
  }
  control.focus();
  // The sticky footer covers the lower edge, where focusing alone would leave the control.
  control.scrollIntoView({ block: 'center' });
}
