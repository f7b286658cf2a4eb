import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import CountingReporter from './countingReporter.mjs';

/** Runs every bundled test of `folder`; throws when one fails. */
export async function runMocha(folder: string): Promise<void> {
  const mocha = new Mocha({
    timeout: 20_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: CountingReporter,
  });
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.test.js')) mocha.addFile(path.join(folder, file));
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
