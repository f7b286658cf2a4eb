import { throwIfAborted } from './cancellation.ts';
import type { Clock } from './clock.ts';

/**
 * Lets calls through at a steady rate, first come, first served: one limiter for all that call the same service in
 * the same account and region. After a quiet time up to `burst` calls go through at once.
 */
export class RateLimiter {
  #tokens: number;
  #refilledMs: number;
  #queue: Promise<void> = Promise.resolve();

  constructor(
    readonly clock: Clock,
    /** Calls a second; `Infinity` for a service of our own that needs no protection. */
    readonly perSecond: number,
    readonly burst = 1,
  ) {
    this.#tokens = burst;
    this.#refilledMs = clock.now();
  }

  /** Resolves when the caller may call; rejects with an `AbortError` when the signal fires before. */
  take(signal?: AbortSignal): Promise<void> {
    if (this.perSecond === Infinity) return Promise.resolve();
    const turn = this.#queue.then(() => this.#wait(signal));
    // The one behind waits for this turn to be over, however it ended; its failure belongs to the caller.
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    this.#refill();
    if (this.#tokens < 1) {
      await this.clock.delay(((1 - this.#tokens) / this.perSecond) * 1000, signal);
      this.#refill();
    }
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  #refill(): void {
    const now = this.clock.now();
    // A clock that was set back gives nothing rather than taking away.
    const passedMs = Math.max(0, now - this.#refilledMs);
    this.#refilledMs = now;
    this.#tokens = Math.min(this.burst, this.#tokens + (passedMs / 1000) * this.perSecond);
  }
}
