import { Worker } from 'node:worker_threads';
import { abortError, throwIfAborted } from '../core/cancellation.ts';
import type { CsvProfile } from '../core/csvProfile.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Disposable } from '../core/disposables.ts';
import type {
  CsvFailure,
  CsvWorkerApi,
  CsvWorkerEvents,
  PreparedData,
  PrepareJob,
} from '../protocol/csvWorker.ts';
import { type Params, Peer, type Result } from '../protocol/rpc.ts';
import type { Progress } from './inspectCsv.ts';

/** A worker that has not answered a cancel by then is ended. */
const cancelPatienceMs = 2000;

/**
 * The worker makes one small object for each row and drops it at once. With V8's default of 48 MB for such objects they
 * would take most of the memory of a split, for no gain in speed.
 */
const youngGenerationMb = 4;

export interface CsvClientOptions {
  /** Entry of the worker: `dist/csvWorker.js`. */
  readonly workerUrl: URL;
  /** Node's options for the worker; by default those of the process. */
  readonly execArgv?: readonly string[];
  readonly clock?: Clock;
}

export interface CsvCallOptions {
  /** Called about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A worker thread and the channel to it. */
interface RunningWorker {
  readonly worker: Worker;
  readonly peer: Peer<CsvWorkerEvents, CsvWorkerApi>;
  /** Rejects when the worker has ended. */
  readonly ended: Promise<never>;
}

/**
 * Reads CSV files in a worker thread, which starts with the first call and stays until `dispose`. Calls run one after
 * another; a client that must not wait for another's gets a worker of its own by being another `CsvClient`.
 *
 * Calls reject with an `AbortError` when their signal fires, and with an error when the worker dies; the next call then
 * starts a new worker.
 */
export class CsvClient implements Disposable {
  readonly #options: CsvClientOptions;
  readonly #clock: Clock;
  #running: RunningWorker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #onProgress: ((progress: Progress) => void) | undefined;
  #disposed = false;

  constructor(options: CsvClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Inspects a file; `hasHeader` overrides what its first rows say. */
  inspect(
    params: { readonly path: string; readonly hasHeader?: boolean },
    options: CsvCallOptions = {},
    signal?: AbortSignal,
  ): Promise<CsvProfile | CsvFailure> {
    return this.#inTurn('inspect', params, options, signal);
  }

  /**
   * Writes the parts of a file into `job.folder`. Without a result nothing is left there, unless the worker itself died
   * or had to be ended: then the owner of the folder removes it.
   */
  prepare(
    job: PrepareJob,
    options: CsvCallOptions = {},
    signal?: AbortSignal,
  ): Promise<PreparedData | CsvFailure> {
    return this.#inTurn('prepare', job, options, signal);
  }

  /** Ends the worker; calls that are under way reject. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#running?.worker.terminate();
  }

  #inTurn<K extends 'inspect' | 'prepare'>(
    kind: K,
    params: Params<CsvWorkerApi, K>,
    options: CsvCallOptions,
    signal: AbortSignal | undefined,
  ): Promise<Result<CsvWorkerApi, K>> {
    const before = this.#last;
    const call = unlessAborted(before, signal).then(() => this.#call(kind, params, options, signal));
    // A call that was cancelled while it waited is over before the one that it waited for.
    this.#last = Promise.allSettled([before, call]);
    return call;
  }

  async #call<K extends 'inspect' | 'prepare'>(
    kind: K,
    params: Params<CsvWorkerApi, K>,
    options: CsvCallOptions,
    signal: AbortSignal | undefined,
  ): Promise<Result<CsvWorkerApi, K>> {
    throwIfAborted(signal);
    if (this.#disposed) throw new Error('The CSV worker is closed.');
    const running = (this.#running ??= this.#start());
    this.#onProgress = options.onProgress;
    const done = new AbortController();
    const onAbort = (): void => void this.#cancel(running, done.signal);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const result = await Promise.race([running.peer.call(kind, params), running.ended]);
      if (signal?.aborted) throw abortError();
      return result;
    } catch (error) {
      throw signal?.aborted ? abortError() : error;
    } finally {
      done.abort();
      signal?.removeEventListener('abort', onAbort);
      this.#onProgress = undefined;
    }
  }

  /** Asks the worker to stop, so that it can tidy up; ends it when it doesn't. */
  async #cancel(running: RunningWorker, done: AbortSignal): Promise<void> {
    // It rejects only when the worker has ended, and then there is nothing to cancel.
    running.peer.call('cancel', undefined).catch(() => undefined);
    try {
      await this.#clock.delay(cancelPatienceMs, done);
    } catch {
      // The call has ended in time.
      return;
    }
    await running.worker.terminate();
  }

  #start(): RunningWorker {
    const { workerUrl, execArgv } = this.#options;
    const worker = new Worker(workerUrl, {
      ...(execArgv && { execArgv: [...execArgv] }),
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    const peer = new Peer<CsvWorkerEvents, CsvWorkerApi>((frame) => worker.postMessage(frame), {
      progress: (progress) => this.#onProgress?.(progress),
    });
    worker.on('message', (message: unknown) => void peer.receive(message));
    const ended = new Promise<never>((_, reject) => {
      const onEnd = (error: Error): void => {
        if (this.#running?.worker === worker) this.#running = undefined;
        reject(error);
        peer.dispose();
      };
      worker.once('error', onEnd);
      worker.once('exit', (code) => onEnd(new Error(`The CSV worker ended (exit code ${code}).`)));
    });
    // Between two calls nobody waits for it.
    ended.catch(() => undefined);
    return { worker, peer, ended };
  }
}

/** Waits for a promise that never rejects; rejects with an `AbortError` as soon as the signal fires. */
function unlessAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    throwIfAborted(signal);
    const onAbort = (): void => reject(abortError());
    signal?.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
