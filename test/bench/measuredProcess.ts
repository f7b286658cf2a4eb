import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a task took in a process of its own. */
export interface Measured {
  readonly seconds: number;
  /** Largest resident set of the process, Node itself included. */
  readonly peakMegabytes: number;
}

/** Called in the measured process: does the task and prints what it took. */
export async function report(task: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await task();
  const measured: Measured = {
    seconds: (performance.now() - start) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(measured));
}

/** Runs a program that calls `report` in a process of its own. */
export async function measure(nodeArguments: readonly string[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeArguments]);
  return JSON.parse(stdout) as Measured;
}
