import { isAbortError, throwIfAborted } from './cancellation.ts';
import type { Clock } from './clock.ts';

/** A wait that can be cut short: polling sleeps on it, and whoever knows of news rings it. */
export class Alarm {
  #current: AbortController | undefined;
  #rung = false;

  constructor(readonly clock: Clock) {}

  /** Ends the wait under way; with none under way, the next one ends at once. */
  ring(): void {
    this.#rung = true;
    this.#current?.abort();
  }

  /** Resolves after `ms` milliseconds or when the alarm rings; rejects with an `AbortError` when the signal fires. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (!this.#rung) {
      const current = new AbortController();
      const onAbort = (): void => current.abort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#current = current;
      try {
        await this.clock.delay(ms, current.signal);
      } catch (error) {
        // The delay was cut short, by the bell or by the signal; which of them is told apart below.
        if (!isAbortError(error)) throw error;
      } finally {
        this.#current = undefined;
        signal.removeEventListener('abort', onAbort);
      }
    }
    this.#rung = false;
    throwIfAborted(signal);
  }
}
