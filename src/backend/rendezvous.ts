import { spawn } from 'node:child_process';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { throwIfAborted } from '../core/cancellation.ts';
import { systemClock } from '../core/clock.ts';
import { Problem } from '../core/problem.ts';
import type { BackendEndpoint } from './backendClient.ts';
import { callBackend, proofOf } from './backendClient.ts';
import { isProcessAlive } from './processes.ts';

export { callBackend };

/** Where the windows of a user find their backend. */
export interface BackendAddress extends BackendEndpoint {
  readonly pid: number;
  /** The version of the extension that the backend belongs to. */
  readonly version: string;
}

/** The file that a backend and its windows share; it has keys in it and only its owner may read it. */
export function rendezvousFile(folder: string): string {
  return path.join(folder, 'backend.json');
}

/** The data of the backend of a folder. */
export function dataFolder(folder: string): string {
  return path.join(folder, 'data');
}

/** What the file says, true or not any more; `undefined` without a readable file. */
export function readRendezvous(file: string): BackendAddress | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BackendAddress;
  } catch (error) {
    const isUnreadable = error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isUnreadable) return undefined;
    throw error;
  }
}

/** Writes the file as a whole, readable by its owner only. */
export function writeRendezvous(file: string, address: BackendAddress): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(address), { mode: 0o600 });
  renameSync(temporary, file);
}

/** Removes the file if it still tells of this backend, and not of one that came later. */
export function removeRendezvous(file: string, address: BackendAddress): void {
  if (readRendezvous(file)?.accessKeyId === address.accessKeyId) rmSync(file, { force: true });
}

const helloTimeoutMs = 3000;

/**
 * Tells whether the backend of an address is there. It has to prove that it knows the keys: another program may have
 * got the port meanwhile.
 */
export async function answersAt(address: BackendAddress, signal?: AbortSignal): Promise<boolean> {
  if (!isProcessAlive(address.pid)) return false;
  const challenge = randomBytes(16).toString('hex');
  const patience = AbortSignal.timeout(helloTimeoutMs);
  try {
    const { proof } = await callBackend(
      address,
      'SageMakerJobsLocal.Hello',
      { challenge },
      signal ? AbortSignal.any([signal, patience]) : patience,
    );
    const expected = Buffer.from(proofOf(address.secretAccessKey, challenge));
    const given = Buffer.from(typeof proof === 'string' ? proof : '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  } catch {
    // Refused, cut or nonsense: whatever is there, it is not our backend. A cancelled caller notices by its signal.
    throwIfAborted(signal);
    return false;
  }
}

export interface ConnectOptions {
  /** Shared by all windows of a user: the rendezvous file, the lock, the log and the data are in it. */
  readonly folder: string;
  /** Absolute path of `backend.js`. */
  readonly entry: string;
  readonly version: string;
  /** The program that runs the entry: Node, or VS Code's own executable. */
  readonly execPath: string;
  readonly region?: string;
  /** How long the backend lives without being called, seconds. */
  readonly idleSeconds?: number;
  /** How long to wait for it to answer. */
  readonly timeoutMs?: number;
  /** Told of each process that was started, most of which end at once when windows start several. */
  readonly onStart?: (pid: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const pollMs = 40;

/**
 * Finds the backend of a folder, or starts one. However many windows call this at the same time, one backend is there
 * in the end: those that start too many end themselves, since only one gets the lock.
 *
 * A backend of an older version is asked to end; while it still runs a job it is used as it is. A newer one is used.
 * Throws a `Problem` (`backendUnavailable`) when none answers in time.
 */
export async function connectBackend(options: ConnectOptions): Promise<BackendAddress> {
  const { folder, version, signal } = options;
  const file = rendezvousFile(folder);
  const deadline = Date.now() + (options.timeoutMs ?? 15_000);
  let started: StartedProcess | undefined;
  while (Date.now() < deadline) {
    throwIfAborted(signal);
    const address = readRendezvous(file);
    if (address && (await answersAt(address, signal))) {
      if (!isOlder(address.version, version)) return address;
      if (await isBusyAfterRetiring(address, signal)) return address;
    } else if (!started || started.hasEnded) started = startProcess(options);
    await systemClock.delay(pollMs, signal);
  }
  throw new Problem('backendUnavailable', 'The local SageMaker backend did not start.', {
    hint: 'Try again; if it stays away, its log says why.',
    details: `Log: ${logFile(folder)}`,
  });
}

interface StartedProcess {
  readonly hasEnded: boolean;
}

function startProcess(options: ConnectOptions): StartedProcess {
  const { folder, entry, version, execPath, region, idleSeconds } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = openLog(folder);
  // The variable makes VS Code's executable a plain Node; options for the window's own Node are not for this one.
  const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
  const child = spawn(
    execPath,
    [
      entry,
      ...['--rendezvous', rendezvousFile(folder)],
      ...['--data', dataFolder(folder)],
      ...['--backend-version', version],
      ...(region === undefined ? [] : ['--region', region]),
      ...(idleSeconds === undefined ? [] : ['--idle-seconds', String(idleSeconds)]),
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
      env: environment,
    },
  );
  closeSync(log);
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const state = { hasEnded: false };
  const end = (): void => {
    state.hasEnded = true;
  };
  // A program that can't be started is noticed like one that ended: no backend answers, and the deadline passes.
  child.on('error', end).on('exit', end);
  child.unref();
  return state;
}

function logFile(folder: string): string {
  return path.join(folder, 'backend.log');
}

const maxLogBytes = 1024 * 1024;

function openLog(folder: string): number {
  const file = logFile(folder);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(file, size > maxLogBytes ? 'w' : 'a', 0o600);
}

/** Asks a backend to end when it is idle, and tells whether it goes on for now because a job runs. */
async function isBusyAfterRetiring(
  address: BackendAddress,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const { runningJobs } = await callBackend(address, 'SageMakerJobsLocal.EndWhenIdle', {}, signal);
    return runningJobs !== 0;
  } catch {
    // It ended meanwhile, which is what was wanted. A cancelled caller notices by its signal.
    throwIfAborted(signal);
    return false;
  }
}

/** Compares dotted numbers; what is no number counts as 0. */
function isOlder(version: string, than: string): boolean {
  const parse = (text: string): number[] => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [parse(version), parse(than)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
