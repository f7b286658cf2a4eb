import { parentPort } from 'node:worker_threads';
import { type Clock, systemClock } from '../core/clock.ts';
import type { CsvFailure, CsvWorkerApi, CsvWorkerEvents } from '../protocol/csvWorker.ts';
import { Peer } from '../protocol/rpc.ts';
import { withFailures } from './fileTrouble.ts';
import { inspectCsv, type Progress } from './inspectCsv.ts';
import { prepareCsv } from './prepareCsv.ts';

/** Entry of the worker thread that reads CSV files; `CsvClient` is the other end. */

const progressEveryMs = 100;

const port = parentPort;
if (!port) throw new Error('csvWorker must be started as a worker thread.');

let running: AbortController | undefined;

const peer = new Peer<CsvWorkerApi, CsvWorkerEvents>((frame) => port.postMessage(frame), {
  inspect: (params) => run((signal) => inspectCsv(params, throttled(tellProgress, systemClock), signal)),
  prepare: (job) => run((signal) => prepareCsv(job, throttled(tellProgress, systemClock), signal)),
  cancel: () => running?.abort(),
});
port.on('message', (message: unknown) => void peer.receive(message));

/** One call at a time: `CsvClient` sends the next when the last has ended. */
async function run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T | CsvFailure> {
  const controller = new AbortController();
  running = controller;
  return withFailures(() => task(controller.signal));
}

function tellProgress(progress: Progress): void {
  // A listener that fails is not this side's trouble: the client reports it, and the work goes on.
  peer.call('progress', progress).catch(() => undefined);
}

function throttled(tell: (progress: Progress) => void, clock: Clock): (progress: Progress) => void {
  let toldMs = -Infinity;
  return (progress) => {
    if (clock.now() - toldMs < progressEveryMs) return;
    toldMs = clock.now();
    tell(progress);
  };
}
