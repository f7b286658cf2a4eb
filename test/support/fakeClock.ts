import { abortError, throwIfAborted } from '../../src/core/cancellation.ts';
import type { Clock } from '../../src/core/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();

  constructor(private nowMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.nowMs;
  }

  delay(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal);
      const onAbort = (): void => {
        this.#timers.delete(timer);
        reject(abortError());
      };
      const timer: Timer = {
        dueMs: this.nowMs + ms,
        fire: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#timers.add(timer);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Moves the time on, stopping at each timer on the way so that what it wakes runs at its own time. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settle();
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      await this.#fire(timer);
    }
    this.nowMs = untilMs;
    await settle();
  }

  /** Moves the time from timer to timer until the promise settles; fails after `limitMs` of fake time. */
  async runUntil<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let settled = false;
    const watch = (): void => {
      settled = true;
    };
    promise.then(watch, watch);
    const untilMs = this.nowMs + limitMs;
    for (;;) {
      await settle();
      if (settled) return promise;
      const timer = this.#next(untilMs);
      if (timer === undefined) throw new Error(`Nothing more happens within ${limitMs} ms.`);
      await this.#fire(timer);
    }
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }

  async #fire(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.nowMs = Math.max(this.nowMs, timer.dueMs);
    timer.fire();
    await settle();
  }
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
