import { reportTests } from '../host/testChannel.ts';

/** Called by VS Code in its extension host. */
export function run(): Promise<void> {
  return reportTests(async () => {
    // Only now, as Mocha keeps the console that it finds while it is loaded.
    const { runMocha } = await import('../host/runMocha.ts');
    await runMocha(import.meta.dirname);
  });
}
