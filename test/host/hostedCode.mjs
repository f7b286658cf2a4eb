#!/usr/bin/env node
// An executable for runTests({ vscodeExecutablePath }) of @vscode/test-electron: takes the arguments of the desktop's
// `code` that a test run gives, and shows the workbench in a headless Chromium instead of a window.
import { register } from 'tsx/esm/api';

register();
const { runHostedTests } = await import('./hostedCode.ts');
process.exit(await runHostedTests(process.argv.slice(2)));
