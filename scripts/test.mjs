#!/usr/bin/env node
// Sets the clone up, then runs every check and every level of tests, and ends with `N passed, N failed`.
// Names as arguments run only those: node scripts/test.mjs lint unit
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { bin, root, run, stopwatch } from './run.mjs';
import { setup } from './setup.mjs';

const countsFolder = path.join(root, 'out/counts');

const mocha = (folder, ...options) => [
  bin('mocha'),
  ...['--config', 'test/mocharc.json', '--reporter', 'test/host/countingReporter.mjs', ...options],
  `test/${folder}/**/*.test.ts`,
];

/** Passes or fails as a whole: each is a list of commands. */
const checks = {
  lint: [[bin('eslint'), '.']],
  styles: [[bin('stylelint'), 'media/**/*.css']],
  format: [[bin('prettier'), '--check', '--log-level=warn', '.']],
  types: [
    [bin('tsc'), '--noEmit'],
    [bin('tsc'), '--noEmit', '-p', 'src/webview'],
    [bin('tsc'), '--noEmit', '-p', 'test/workbench'],
  ],
  unused: [[bin('knip')]],
  cycles: [[bin('madge'), '--circular', '--no-spinner', '--extensions', 'ts', 'src']],
};

/** Mocha counts the tests of each. */
const levels = {
  unit: mocha('unit'),
  backend: mocha('backend'),
  webview: mocha('webview'),
  extension: [process.execPath, '--import', 'tsx', 'test/host/runExtensionTests.ts'],
  // One more try, said aloud: the hosted VS Code now and then leaves a webview blank, which no test can mend.
  workbench: mocha(
    'workbench',
    ...['--require', 'test/workbench/keepArtifacts.ts', '--timeout', '120000', '--retries', '1'],
  ),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => name !== 'package' && !(name in checks) && !(name in levels));
if (unknown.length > 0) {
  console.error(
    `There is no ${unknown.join(', ')}; there are ${Object.keys({ ...checks, ...levels }).join(', ')}.`,
  );
  process.exit(1);
}
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);

const total = { passed: 0, failed: 0 };

/** Runs the commands of a check until one fails. A failed check counts as one failure, a passed one as nothing. */
async function check(name, commands) {
  if (!isWanted(name)) return;
  const elapsed = stopwatch();
  for (const [command, ...args] of commands) {
    const { code, output } = await run(command, args, { output: 'capture' });
    if (code === 0) continue;
    total.failed += 1;
    console.log(`\n── ${name}: FAILED after ${elapsed()}\n${output.trimEnd()}`);
    return;
  }
  console.log(`\n── ${name}: ok, ${elapsed()}`);
}

/** Runs a level and adds its counts. One that crashes, or has no tests, counts as failed. */
async function level(name) {
  if (!isWanted(name)) return;
  const elapsed = stopwatch();
  const [command, ...args] = levels[name];
  const counts = path.join(countsFolder, `${name}.json`);
  const { code, output } = await run(command, args, { output: 'capture', env: { MOCHA_COUNTS: counts } });
  const { passed, failed } = existsSync(counts)
    ? JSON.parse(readFileSync(counts, 'utf8'))
    : { passed: 0, failed: 0 };
  const crashed = failed === 0 && (code !== 0 || passed === 0);
  total.passed += passed;
  total.failed += failed + (crashed ? 1 : 0);
  console.log(`\n── ${name}\n${output.trimEnd()}`);
  if (crashed) console.log(`The level ended with ${code} after ${passed} tests and counts as failed.`);
  console.log(`── ${name}: ${passed} passed, ${failed} failed, ${elapsed()}`);
}

/** Takes one task after the other from the list, in as many lines as the smallest machine has processors. */
async function inTwoLines(tasks) {
  const line = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) await task();
  };
  await Promise.all([line(), line()]);
}

const elapsed = stopwatch();
await setup();
await rm(countsFolder, { recursive: true, force: true });
await rm(path.join(root, 'out/artifacts'), { recursive: true, force: true });
await mkdir(countsFolder, { recursive: true });
console.log(`Set-up took ${elapsed()}`);

// The package is what the levels inside VS Code run.
wanted.push(...(wanted.some((name) => ['extension', 'workbench'].includes(name)) ? ['package'] : []));
await check('package', [[process.execPath, 'scripts/package.mjs']]);
await inTwoLines([
  () => level('unit'),
  () => level('extension'),
  () => level('backend'),
  () => check('lint', checks.lint),
  () => level('webview'),
  () => check('types', checks.types),
  () => check('format', checks.format),
  () => check('styles', checks.styles),
  () => check('unused', checks.unused),
  () => check('cycles', checks.cycles),
]);
// Alone: it measures times as a user would see them.
await level('workbench');

console.log(`\nEverything took ${elapsed()}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
