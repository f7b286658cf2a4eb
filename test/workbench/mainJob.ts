// The second half of `npm start`: opens a VS Code with the packaged extension and runs the main job in it. With a
// terminal, and without CI in the environment, VS Code stays open for the user until Ctrl+C.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { removeWorkspace, sampleWorkspace, vsixFile } from './product.ts';
import { runMainJob } from './runMainJob.ts';

const root = path.join(import.meta.dirname, '../..');
const staysOpen = Boolean(process.stdout.isTTY) && !process.env.CI;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
const interrupted = once(interruption.signal, 'abort').then(() => 130);

/** Runs the job and says how it went; answers with the exit code. */
async function demonstrate(workbench: Workbench): Promise<number> {
  try {
    const { jobName, row, logLines, firstLineMs } = await runMainJob(workbench, console.log);
    console.log(`\n${jobName}: ${row.description}`);
    console.log(`The Output panel shows all ${logLines} lines of the stored log.`);
    console.log(`From Launch to the first line of the log on screen: ${(firstLineMs / 1000).toFixed(1)} s`);
    console.log(`Screenshots: ${path.join(root, 'out/screenshots/main-job')}`);
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) return 130;
    console.error(`\nThe main job failed: ${error instanceof Error ? error.message : String(error)}`);
    const artifacts = path.join(root, 'out/artifacts/main-job');
    await workbench.keepArtifacts(artifacts).then(
      () => console.error(`Screenshot and logs: ${artifacts}`),
      (reason: unknown) => console.error(`No screenshot and logs: ${String(reason)}`),
    );
    return 1;
  }
}

const folder = await sampleWorkspace();
let workbench: Workbench | undefined;
try {
  workbench = await startWorkbench({
    folder,
    vsix: vsixFile(),
    // The page can do everything that this user can: only who has the printed address gets in.
    connectionToken: randomBytes(24).toString('hex'),
  });
  process.exitCode = await Promise.race([demonstrate(workbench), interrupted]);
  if (staysOpen && !interruption.signal.aborted) {
    await workbench.closeWindow();
    console.log(`\nVS Code stays open at ${workbench.server.address(folder)}\nCtrl+C ends it.`);
    await interrupted;
  }
} finally {
  await workbench?.close();
  await removeWorkspace(folder);
}
