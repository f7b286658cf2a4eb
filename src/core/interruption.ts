import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { isProblem, type Problem, type ProblemCode } from './problem.ts';

/** Following something was interrupted by a problem that is expected to pass, or went on after one. */
export type InterruptionNotice =
  | { readonly kind: 'interrupted'; readonly problem: Problem; readonly sinceMs: number }
  | {
      readonly kind: 'resumed';
      readonly problem: Problem;
      readonly sinceMs: number;
      readonly untilMs: number;
    };

/** Problems that end by themselves or by signing in again: a watch outlives them. */
const passing: ReadonlySet<ProblemCode> = new Set([
  'accessDenied',
  'backendUnavailable',
  'expired',
  'notSignedIn',
  'offline',
  'serviceFault',
  'throttled',
]);

/** A throttle is the service's way to say "slower"; it is worth a word only when it lasts. */
const throttleIsNewsAfterMs = 30_000;

/** Keeps account of what stands between a watch and its service: how long to wait, and what to tell. */
export class Interruption {
  readonly #short: Backoff;
  readonly #long: Backoff;
  #since: number | undefined;
  #told: Problem | undefined;

  constructor(
    readonly clock: Clock,
    readonly tell: (notice: InterruptionNotice) => void,
    random?: () => number,
  ) {
    this.#short = new Backoff(1000, 30_000, random);
    // Who must sign in, or must be given a permission, is not quicker for being asked every second.
    this.#long = new Backoff(10_000, 60_000, random);
  }

  /** Takes a failure in: how many milliseconds to wait before the next attempt. Throws what will not pass. */
  failed(error: unknown): number {
    if (!isProblem(error) || !passing.has(error.code)) throw error;
    const now = this.clock.now();
    this.#since ??= now;
    const isNews = error.code !== 'throttled' || now - this.#since >= throttleIsNewsAfterMs;
    if (isNews && this.#told?.code !== error.code) {
      this.#told = error;
      this.tell({ kind: 'interrupted', problem: error, sinceMs: this.#since });
    }
    const needsTheUser = isProblem(error, 'accessDenied', 'expired', 'notSignedIn');
    return (needsTheUser ? this.#long : this.#short).next();
  }

  /** An attempt went through. */
  succeeded(): void {
    if (this.#told !== undefined && this.#since !== undefined) {
      this.tell({ kind: 'resumed', problem: this.#told, sinceMs: this.#since, untilMs: this.clock.now() });
    }
    this.#told = undefined;
    this.#since = undefined;
    this.#short.reset();
    this.#long.reset();
  }
}
