import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../core/clock.ts';
import { isProcessAlive } from './processes.ts';

/** The holder shows by the time of its file that it is there, since the number of a dead process may be used again. */
const heartbeatMs = 5000;
const staleMs = 30_000;

const attempts = 10;

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

  private constructor(file: string) {
    this.#file = file;
    this.#heartbeat = setInterval(() => touch(file), heartbeatMs);
    this.#heartbeat.unref();
  }

  /**
   * Takes the lock of a folder; `undefined` when another process holds it. `answers` is asked of a holder that has shown
   * no sign for a while: it may be another process with the number of a dead one, or have slept with the computer.
   * `isServed` is asked after each attempt that failed, so as not to wait for a holder that will stay.
   */
  static async acquire(
    folder: string,
    answers: (pid: number) => Promise<boolean>,
    isServed: () => Promise<boolean>,
  ): Promise<FolderLock | undefined> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < attempts; attempt++) {
      const name = `lock-${process.pid}-${randomBytes(4).toString('hex')}`;
      const file = path.join(folder, name);
      writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
      if (!(await hasOtherOwner(folder, name, answers))) return new FolderLock(file);
      rmSync(file, { force: true });
      if (await isServed()) return undefined;
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
    if (isProcessAlive(pid) && (isFresh(file) || (await answers(pid)))) found = true;
    else rmSync(file, { force: true });
  }
  return found;
}

function isFresh(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < staleMs;
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The folder may have been deleted by hand; the lock has then nothing to guard, and the next request will say so.
  }
}
