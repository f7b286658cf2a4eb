import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemClock } from '../core/clock.ts';
import { isProcessAlive } from './processes.ts';

/** The holder shows by the time of its file that it is there, since the number of a dead process may be used again. */
const defaultHeartbeatMs = 5000;
const staleMs = 30_000;

const attempts = 10;

export interface FolderLockOptions {
  /**
   * Asked of a holder that has shown no sign for a while: it may be another process with the number of a dead one, or
   * have slept with the computer.
   */
  readonly answers: (pid: number) => Promise<boolean>;
  /** Asked after each attempt that failed, so as not to wait for a holder that will stay. */
  readonly isServed: () => Promise<boolean>;
  /** Told when the lock is not held any more: someone took this process for dead, or deleted the folder. */
  readonly onLost: () => void;
  readonly heartbeatMs?: number;
}

/**
 * Lets one process at a time use a data folder.
 *
 * Node has no file locks, so each contender makes a file of its own, then looks for those of others that are alive. If
 * there are any it takes its file away again. Because everyone writes before looking, two can never both have seen
 * nobody; two that see each other both give way, and try again after different times.
 */
export class FolderLock {
  readonly #file: string;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(file: string, { onLost, heartbeatMs = defaultHeartbeatMs }: FolderLockOptions) {
    this.#file = file;
    this.#heartbeat = setInterval(() => {
      if (touch(file)) return;
      clearInterval(this.#heartbeat);
      onLost();
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  /** Takes the lock of a folder; `undefined` when another process holds it. */
  static async acquire(folder: string, options: FolderLockOptions): Promise<FolderLock | undefined> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < attempts; attempt++) {
      const name = `lock-${process.pid}-${randomBytes(4).toString('hex')}`;
      const file = path.join(folder, name);
      writeFileSync(file, hostname(), { flag: 'wx', mode: 0o600 });
      if (!(await hasOtherOwner(folder, name, options.answers))) return new FolderLock(file, options);
      rmSync(file, { force: true });
      if (await options.isServed()) return undefined;
      await systemClock.delay(20 + Math.random() * 130);
    }
    return undefined;
  }

  release(): void {
    clearInterval(this.#heartbeat);
    rmSync(this.#file, { force: true });
  }
}

async function hasOtherOwner(
  folder: string,
  own: string,
  answers: (pid: number) => Promise<boolean>,
): Promise<boolean> {
  let found = false;
  for (const name of readdirSync(folder)) {
    const pid = Number(/^lock-(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(pid) || name === own) continue;
    const file = path.join(folder, name);
    if (isElsewhere(file) ? isFresh(file) : isProcessAlive(pid) && (isFresh(file) || (await answers(pid))))
      found = true;
    else rmSync(file, { force: true });
  }
  return found;
}

/** Tells whether a lock is of another computer, which has the folder over a network: its process can't be looked for. */
function isElsewhere(file: string): boolean {
  try {
    const host = readFileSync(file, 'utf8');
    // Without a name it was made this moment.
    return host !== '' && host !== hostname();
  } catch (error) {
    // It was taken away meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isFresh(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < staleMs;
}

/** Renews the time of a file; `false` when it is gone. */
function touch(file: string): boolean {
  const now = new Date();
  try {
    utimesSync(file, now, now);
    return true;
  } catch (error) {
    // Whatever else may be wrong, a network say, may pass.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
