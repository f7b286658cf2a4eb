import { isAbortError } from '../core/cancellation.ts';
import { UnusableCsv } from '../csv/unusableCsv.ts';
import type { CsvFailure } from '../protocol/csvWorker.ts';

/** Trouble with a file, ready to be told. */
export class FileTrouble extends Error {
  override readonly name = 'FileTrouble';

  constructor(
    readonly failure: CsvFailure,
    cause?: unknown,
  ) {
    super(failure.message, { cause });
  }
}

/** Runs a task and turns its expected ends without a result into values; everything else is a bug and still rejects. */
export async function withFailures<T>(task: () => Promise<T>): Promise<T | CsvFailure> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof FileTrouble) return error.failure;
    if (error instanceof UnusableCsv) return { failure: error.defect, message: error.message };
    if (isAbortError(error)) return { failure: 'cancelled', message: 'cancelled' };
    throw error;
  }
}
