import type { JobPageId, JobPageState } from '../../protocol/jobPage.ts';

/** Everything that the page draws; the page is a function of it. */
export interface Page {
  /** What the host tells of the job; `undefined` before its first word. */
  readonly state: JobPageState | undefined;
  /** Why the host can't be asked, which is a bug. */
  readonly failure?: string;
  /** Which folds were opened or closed, by name; the others stand as they begin. */
  readonly folds: Readonly<Record<string, boolean>>;
  /** The text that was copied a moment ago, whose button says so. */
  readonly copied?: string | undefined;
  /** For the durations of what goes on. */
  readonly nowMs: number;
}

export type ReadyState = Extract<JobPageState, { kind: 'ready' }>;

/** What VS Code keeps of the page while its tab is hidden, and over a reload of the window. */
export interface SavedPage {
  readonly id: JobPageId;
  readonly folds: Readonly<Record<string, boolean>>;
}
