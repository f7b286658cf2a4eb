import { throwIfAborted } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import { Interruption, type InterruptionNotice } from '../core/interruption.ts';
import { isProblem } from '../core/problem.ts';

/** Without a byte of progress for this long, for want of a connection, an upload fails. */
const patienceMs = 120_000;

/** Repeats what fails for want of a connection or a sign-in, and gives the former up after a while. */
export class PatientRetry {
  readonly #clock: Clock;
  readonly #interruption: Interruption;
  readonly #signal: AbortSignal | undefined;
  #progressMs: number;

  constructor(
    clock: Clock,
    onNotice: ((notice: InterruptionNotice) => void) | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#clock = clock;
    this.#interruption = new Interruption(clock, (notice) => onNotice?.(notice));
    this.#signal = signal;
    this.#progressMs = clock.now();
  }

  /** Something got through, so that the next interruption is waited for as long as the first. */
  progressed(): void {
    this.#progressMs = this.#clock.now();
    this.#interruption.succeeded();
  }

  async run<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      throwIfAborted(this.#signal);
      try {
        const result = await attempt();
        this.progressed();
        return result;
      } catch (error) {
        // A permission does not come by waiting, and a sign-in is waited for until the user cancels.
        if (isProblem(error, 'accessDenied', 'notSignedIn')) throw error;
        const waitMs = this.#interruption.failed(error);
        const waitsForUser = isProblem(error, 'expired');
        if (!waitsForUser && this.#clock.now() + waitMs - this.#progressMs > patienceMs) throw error;
        await this.#clock.delay(waitMs, this.#signal);
      }
    }
  }
}
