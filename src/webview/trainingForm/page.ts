import type { CsvProfile } from '../../core/csvProfile.ts';
import type { DraftField, FieldProblem, TrainingDraft } from '../../core/trainingDraft.ts';
import type { FormLimits, FormState, Place } from '../../protocol/trainingForm.ts';

/** Everything that the page draws; the page is a function of it. */
export type Page = { readonly kind: 'loading' } | UnreadablePage | ReadyPage;

export type UnreadablePage = Extract<FormState, { kind: 'unreadable' }>;

export interface ReadyPage {
  readonly kind: 'ready';
  readonly fileName: string;
  readonly profile: CsvProfile;
  readonly place: Place;
  readonly limits: FormLimits;
  readonly draft: TrainingDraft;
  /** What stands in number fields whose text is not (yet) a number, by field key; the draft keeps the last number. */
  readonly typed: Readonly<Record<string, string>>;
  /** The unit in which the maximum run time is shown. */
  readonly runtimeUnit: RuntimeUnit;
  /** The job name was suggested, so a newer suggestion may take its place. */
  readonly nameIsSuggested: boolean;
  /** The page's own checks, as of the last pause in typing. */
  readonly ownProblems: readonly FieldProblem[];
  /** The checks that only the host can make, as of its last answer. */
  readonly hostProblems: readonly FieldProblem[];
  /** The job name that the host has found to be free. */
  readonly freeName?: string;
  readonly folds: Folds;
  readonly search: string;
  readonly showAllPreview: boolean;
  readonly launch: LaunchState;
  readonly fileChangedAtMs?: number;
  /** When the draft was last edited, if it comes from an earlier tab. */
  readonly continuedFromMs?: number;
  /** A sentence about something that failed; the form stays usable. */
  readonly failure?: string;
}

export type LaunchState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly jobName: string; readonly atMs: number };

/** Which sections stand open. */
export interface Folds {
  readonly data: boolean;
  readonly algorithm: boolean;
  readonly allHyperparameters: boolean;
  readonly compute: boolean;
  readonly output: boolean;
}

export type RuntimeUnit = 'minutes' | 'hours' | 'days';

export const secondsPerUnit: Readonly<Record<RuntimeUnit, number>> = {
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** What the page keeps while its tab is hidden, and over a reload of the window. */
export interface SavedPage {
  readonly draft: TrainingDraft;
  readonly typed: Readonly<Record<string, string>>;
  readonly runtimeUnit: RuntimeUnit;
  readonly nameIsSuggested: boolean;
  readonly folds: Folds;
  readonly launch: LaunchState;
  readonly continuedFromMs?: number;
}

const openAtFirst: Folds = {
  data: true,
  algorithm: true,
  allHyperparameters: false,
  compute: false,
  output: false,
};

/** The page for what the host has loaded, with a saved draft of the same file laid over it. */
export function pageOf(state: FormState, saved: SavedPage | undefined): Page {
  if (state.kind === 'unreadable') return state;
  const page: ReadyPage = {
    kind: 'ready',
    fileName: state.fileName,
    profile: state.profile,
    place: state.place,
    limits: state.limits,
    draft: state.draft,
    typed: {},
    runtimeUnit: largestUnit(state.draft.compute.maxRuntimeInSeconds),
    nameIsSuggested: true,
    ownProblems: [],
    hostProblems: [],
    folds: saved?.folds ?? openAtFirst,
    search: '',
    showAllPreview: false,
    launch: { kind: 'idle' },
  };
  // The same tab, shown again: what stood in it goes on as if it had never been away.
  if (saved && fits(saved.draft, state)) return continued(page, saved);
  return state.continuedFromMs === undefined ? page : { ...page, continuedFromMs: state.continuedFromMs };
}

/** Reading again gives new columns; choices about them stay only where they still mean the same. */
export function afterReadingAgain(page: ReadyPage, state: FormState): Page {
  const next = pageOf(state, undefined);
  if (next.kind !== 'ready') return next;
  const data = withoutLabel(page.draft.data);
  const sameColumns = next.profile.columns.length === page.profile.columns.length;
  const labelWasGuessed = page.draft.data.labelColumn === page.profile.labelGuess?.column;
  return {
    ...next,
    draft: {
      ...page.draft,
      data: sameColumns
        ? {
            ...data,
            ...labelOf(labelWasGuessed ? next.draft : page.draft),
            path: next.draft.data.path,
            hasHeader: next.draft.data.hasHeader,
          }
        : { ...next.draft.data, split: page.draft.data.split },
    },
    typed: page.typed,
    runtimeUnit: page.runtimeUnit,
    nameIsSuggested: page.nameIsSuggested,
    folds: page.folds,
    launch: page.launch,
  };
}

/** What to keep of a page. */
export function savedFrom(page: ReadyPage): SavedPage {
  const { draft, typed, runtimeUnit, nameIsSuggested, folds, launch, continuedFromMs } = page;
  return {
    draft,
    typed,
    runtimeUnit,
    nameIsSuggested,
    folds,
    // A launch that was under way has lost its answer with the page that asked.
    launch: launch.kind === 'done' ? launch : { kind: 'idle' },
    ...(continuedFromMs === undefined ? {} : { continuedFromMs }),
  };
}

/** All problems of a page, each once, in no particular order. */
export function problemsOf(page: ReadyPage): readonly FieldProblem[] {
  const unreadNumbers = Object.keys(page.typed).map(unreadNumber);
  const unread = new Set(unreadNumbers.map(({ field }) => field));
  const seen = new Set<string>();
  return [
    ...unreadNumbers,
    // A check of the last number that could be read would contradict what stands in the field.
    ...page.ownProblems.filter(({ field }) => !unread.has(field)),
    ...page.hostProblems,
  ].filter(({ field, message }) => {
    const key = `${field} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

export function errorsOf(page: ReadyPage): readonly FieldProblem[] {
  return problemsOf(page).filter(({ severity }) => severity === 'error');
}

/** The keys of number fields are draft fields, with the part's name after the split. */
export type NumberKey = Extract<DraftField, `compute.${string}`> | `data.split.${SplitPart}`;
export type SplitPart = 'train' | 'validation' | 'test' | 'seed';

/** What a number field shows: what was typed while that is no number, else the number. */
export function numberText(page: ReadyPage, key: NumberKey, value: number): string {
  return page.typed[key] ?? String(value);
}

function unreadNumber(key: string): FieldProblem {
  const field = (key.startsWith('data.split.') ? 'data.split' : key) as DraftField;
  return { field, severity: 'error', message: 'Must be a whole number.' };
}

function continued(page: ReadyPage, saved: SavedPage): ReadyPage {
  const jobName = saved.nameIsSuggested ? page.draft.jobName : saved.draft.jobName;
  return { ...page, ...saved, draft: { ...saved.draft, jobName } };
}

/** A draft is only brought back to the file it was made for, with the columns that it speaks of. */
function fits(draft: TrainingDraft, state: Extract<FormState, { kind: 'ready' }>): boolean {
  const highest = Math.max(
    draft.data.labelColumn ?? -1,
    ...draft.data.droppedColumns,
    ...draft.data.textAsMissingColumns,
  );
  return (
    draft.data.path === state.draft.data.path &&
    draft.data.hasHeader === state.draft.data.hasHeader &&
    highest < state.profile.columns.length
  );
}

function withoutLabel(data: TrainingDraft['data']): TrainingDraft['data'] {
  const copy: { -readonly [K in keyof TrainingDraft['data']]: TrainingDraft['data'][K] } = { ...data };
  delete copy.labelColumn;
  return copy;
}

function labelOf(draft: TrainingDraft): { readonly labelColumn?: number } {
  return draft.data.labelColumn === undefined ? {} : { labelColumn: draft.data.labelColumn };
}

function largestUnit(seconds: number): RuntimeUnit {
  if (seconds > 86_400 && seconds % 86_400 === 0) return 'days';
  return seconds % 3600 === 0 ? 'hours' : 'minutes';
}
