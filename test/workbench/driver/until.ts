import { setTimeout as delay } from 'node:timers/promises';

/** How long a person would wait for the workbench before calling it broken. */
export const patience = 15_000;

/**
 * Asks `probe` again and again until it answers something else than `undefined` or `false`, and gives that answer.
 * Throws when `deadlineMs` have passed; the message then says what was waited for.
 */
export async function until<T>(
  what: string | (() => string | Promise<string>),
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs: number = patience,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline)
      throw new Error(`Waited ${deadlineMs / 1000} s for ${typeof what === 'string' ? what : await what()}.`);
    await delay(50);
  }
}
