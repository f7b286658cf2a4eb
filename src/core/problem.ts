/** The kinds of trouble a user can be told about. A new kind is added here and nowhere else. */
export type ProblemCode =
  | 'accessDenied'
  | 'backendUnavailable'
  | 'badCsv'
  | 'capacity'
  | 'conflict'
  | 'expired'
  | 'fileChanged'
  | 'invalidInput'
  | 'notFound'
  | 'notSignedIn'
  | 'offline'
  | 'quota'
  | 'serviceFault'
  | 'throttled'
  | 'wrongRegion';

/**
 * Something that went wrong and that the user should read: what happened, to what, and what to do next.
 * Every other error is a bug and keeps its stack.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    /** One or two sentences: what happened to what. */
    message: string,
    options: {
      /** What to do about it, a sentence; `undefined` when the message already says it. */
      readonly hint?: string | undefined;
      /** The service's own words, shown behind Details. */
      readonly details?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.details = options.details;
  }

  readonly hint: string | undefined;
  readonly details: string | undefined;
}

/** Tells whether an error is a `Problem`, optionally one of the given kinds. */
export function isProblem(error: unknown, ...codes: readonly ProblemCode[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code));
}

/** The text of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
