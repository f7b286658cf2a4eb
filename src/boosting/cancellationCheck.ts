import { abortError } from '../core/cancellation.ts';

/** Throws an `AbortError` once the work should end. Called between blocks of rows, so it must be cheap. */
export type CancellationCheck = () => void;

/** How a caller ends a training or a reading that is under way. */
export interface CancellationOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Asked many times within a round. A thread that grows trees receives no message meanwhile, so an `AbortSignal`
   * alone is seen only between rounds; a flag in shared memory is seen at once.
   */
  readonly isCancelled?: (() => boolean) | undefined;
}

/** Rows that a loop may walk between two checks: a few milliseconds of work. */
export const rowsPerCheck = 1 << 17;

export function cancellationCheck({ signal, isCancelled }: CancellationOptions): CancellationCheck {
  return () => {
    if (isCancelled?.() === true || signal?.aborted === true) throw abortError();
  };
}
