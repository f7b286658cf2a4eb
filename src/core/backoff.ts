/**
 * Waits that double from `firstMs` up to `longestMs`, each shortened by chance to between half and all of itself,
 * so that many watchers that were refused together do not come back together.
 */
export class Backoff {
  #failures = 0;

  constructor(
    readonly firstMs: number,
    readonly longestMs: number,
    /** A number from 0 (included) to 1 (excluded). */
    readonly random: () => number = Math.random,
  ) {}

  /** The next wait in milliseconds. */
  next(): number {
    const full = Math.min(this.firstMs * 2 ** this.#failures, this.longestMs);
    this.#failures += 1;
    return full * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
