import type { FieldProblem } from '../../core/trainingDraft.ts';

/** The problems of the page, and what a press on one of their repairs does; every field gets both. */
export interface ProblemView {
  readonly problems: readonly FieldProblem[];
  readonly onFix: (problem: FieldProblem, index: number) => void;
}
