#!/usr/bin/env node
// Shows what the extension does: sets the clone up, packs the extension, and trains on boston-housing.csv in a real
// VS Code. With a terminal, and without CI in the environment, VS Code stays open until Ctrl+C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { root, run } from './run.mjs';
import { setup } from './setup.mjs';

await setup();
const { code } = await run(process.execPath, ['scripts/package.mjs']);
if (code !== 0) process.exit(code);

const job = spawn(process.execPath, ['--import', 'tsx', 'test/workbench/mainJob.ts'], {
  cwd: root,
  stdio: 'inherit',
  // The AWS SDK, which reads the stored log, else says that some day it will want a newer Node.
  env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
});
// Ctrl+C reaches the job from the terminal as well; it ends what it has started, and this process waits for that.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => job.kill('SIGTERM'));
const [exitCode] = await once(job, 'exit');
process.exit(exitCode ?? 1);
