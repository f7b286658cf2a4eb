import { rm, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs `action` while holding the lock `file`, so that two processes do not do it at once. Waits for the other one. */
export async function withFileLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 5 * 60_000;
  while (!(await tryLock(file))) {
    if (Date.now() > deadline) throw new Error(`Another process holds ${file} for more than 5 minutes.`);
    await delay(250);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // The file of a process that was killed stays behind; the next round takes the lock.
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
