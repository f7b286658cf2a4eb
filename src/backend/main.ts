/**
 * The local backend as a process: `node dist/backend.js [--port N] [--data DIR] [--region R]` serves until it is told
 * to end. The extension starts it with `--rendezvous FILE`; then it also ends by itself when nobody needs it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../core/problem.ts';
import { type Backend, openBackend } from './backend.ts';
import { FolderLock } from './folderLock.ts';
import {
  type BackendAddress,
  answersAt,
  readRendezvous,
  removeRendezvous,
  writeRendezvous,
} from './rendezvous.ts';

interface Arguments {
  readonly port: number;
  /** `undefined` keeps nothing. */
  readonly data: string | undefined;
  readonly region: string;
  /** The file by which windows find this backend; without it, it serves until a signal. */
  readonly rendezvous: string | undefined;
  readonly idleSeconds: number;
  readonly version: string;
}

function parseArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      region: { type: 'string', default: 'us-east-1' },
      rendezvous: { type: 'string' },
      'idle-seconds': { type: 'string', default: '60' },
      'backend-version': { type: 'string', default: '0' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('--port must be from 0 to 65535.');
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(values.region))
    throw new Error(`--region ${values.region} is no region.`);
  const idleSeconds = Number(values['idle-seconds']);
  if (!(idleSeconds > 0)) throw new Error('--idle-seconds must be a positive number.');
  if (values.rendezvous !== undefined && values.data === undefined)
    throw new Error('--rendezvous needs --data.');
  return {
    port,
    data: values.data === undefined ? undefined : path.resolve(values.data),
    region: values.region,
    rendezvous: values.rendezvous,
    idleSeconds,
    version: values['backend-version'],
  };
}

/** Serves until a signal, or until nobody needs it; resolves with the exit code. */
async function serve(options: Arguments): Promise<number> {
  const { rendezvous } = options;
  const folder = options.data ?? mkdtempSync(path.join(tmpdir(), 'sagemaker-jobs-'));
  const served = (): BackendAddress | undefined =>
    rendezvous === undefined ? undefined : readRendezvous(rendezvous);
  const lock = await FolderLock.acquire(folder, {
    answers: async (pid) => {
      const holder = served();
      return holder?.pid === pid && (await answersAt(holder));
    },
    isServed: async () => {
      const holder = served();
      return holder !== undefined && (await answersAt(holder));
    },
    onLost: () => {
      // At once and without a trace: what is in the folder may be another backend's by now.
      log(`The lock of ${folder} is gone.`);
      process.exit(1);
    },
  });
  if (!lock) {
    log(`Another backend uses ${folder}.`);
    // Windows that start several at once expect all but one to end like this.
    return rendezvous === undefined ? 1 : 0;
  }
  const ending = new Ending(options.idleSeconds * 1000, rendezvous !== undefined);
  let backend: Backend | undefined;
  try {
    backend = await openBackend({
      dataFolder: folder,
      region: options.region,
      port: options.port,
      version: options.version,
      onRequest: () => ending.noteUse(),
      onRetire: () => ending.retire(),
      log,
    });
    const address = { ...backend.endpoint, pid: process.pid, version: options.version };
    if (rendezvous === undefined) process.stdout.write(`${JSON.stringify(backend.endpoint)}\n`);
    else writeRendezvous(rendezvous, address);
    await ending.wait(backend);
    await close(backend, address, rendezvous);
    return 0;
  } finally {
    lock.release();
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function close(
  backend: Backend,
  address: BackendAddress,
  rendezvous: string | undefined,
): Promise<void> {
  // First, so that no window comes any more.
  if (rendezvous !== undefined) removeRendezvous(rendezvous, address);
  await backend.close();
}

/** Decides when the process ends. */
class Ending {
  readonly #idleMs: number;
  readonly #endsIdle: boolean;
  #lastUseMs = Date.now();
  #isRetiring = false;

  constructor(idleMs: number, endsIdle: boolean) {
    this.#idleMs = idleMs;
    this.#endsIdle = endsIdle;
  }

  noteUse(): void {
    this.#lastUseMs = Date.now();
  }

  retire(): void {
    this.#isRetiring = true;
  }

  wait(backend: Backend): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearInterval(timer);
        resolve();
      };
      const timer = setInterval(
        () => {
          if (this.#endsIdle && this.#isUnneeded(backend)) end();
        },
        Math.min(1000, this.#idleMs / 4),
      );
      process.once('SIGINT', end).once('SIGTERM', end);
    });
  }

  #isUnneeded(backend: Backend): boolean {
    if (backend.runner.unfinishedCount > 0 || backend.requestsUnderWay() > 0) return false;
    return this.#isRetiring || Date.now() - this.#lastUseMs > this.#idleMs;
  }
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

try {
  process.exitCode = await serve(parseArguments());
} catch (error) {
  log(messageOf(error));
  process.exitCode = 1;
}
