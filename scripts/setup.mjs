#!/usr/bin/env node
// Brings a fresh clone to where it can be started and tested: npm dependencies, Chromium, a VS Code to run in. Uses
// nothing but Node, as it runs before anything is installed. What is already there is left alone.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';
import { root, run, stopwatch } from './run.mjs';

const OLDEST_NODE = 20;

/** Says what is missing in one line, without a stack: the reader is someone who has just cloned. */
function giveUp(line) {
  console.error(line);
  process.exit(1);
}

/** Runs one step that fetches something, a second time if the first fails: a registry may be busy for a moment. */
async function fetchStep(title, command, args, hint, options) {
  const elapsed = stopwatch();
  console.log(`${title} …`);
  let result = await run(command, args, { output: 'capture', ...options });
  if (result.code !== 0) {
    console.log(`${title}: failed once, trying again …`);
    result = await run(command, args, { output: 'capture', ...options });
  }
  if (result.code !== 0) {
    console.error(result.output.trimEnd());
    giveUp(`${title}: failed. ${hint}`);
  }
  console.log(`${title}: done in ${elapsed()}`);
}

async function installDependencies() {
  const stamp = path.join(root, 'node_modules/.installed-lock-hash');
  const lock = await readFile(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamped = existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash;
  if (stamped || (await isInstalledByHand())) {
    console.log('npm dependencies: as in package-lock.json');
    if (!stamped) await writeFile(stamp, hash);
    return;
  }
  const hint = 'Is the npm registry reachable?';
  await fetchStep('npm dependencies: npm ci', 'npm', ['ci', '--prefer-offline'], hint, {
    // A production setting of the surroundings would leave the tools of the tests out.
    env: { NODE_ENV: undefined, npm_config_omit: undefined },
  });
  await writeFile(stamp, hash);
}

/** After `npm install` or `npm ci` npm's own record of what is installed is at least as new as the lock file. */
async function isInstalledByHand() {
  const record = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const [installed, locked] = await Promise.all([stat(record), stat(path.join(root, 'package-lock.json'))]);
  return installed.mtimeMs >= locked.mtimeMs;
}

async function installChromium() {
  const found = findChromium();
  if (found !== undefined) {
    console.log(`Chromium: ${found}`);
    return;
  }
  if (process.env.CHROME_PATH) giveUp(`Chromium: CHROME_PATH names no file: ${process.env.CHROME_PATH}`);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    giveUp(
      'Chromium: not found. Install Chromium or Chrome (Debian: apt-get install chromium) or set CHROME_PATH.',
    );
  const install = 'apt-get update && apt-get install -y --no-install-recommends chromium';
  await fetchStep(`Chromium: ${install}`, 'sh', ['-c', install], 'Install it by hand or set CHROME_PATH.', {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (findChromium() === undefined)
    giveUp('Chromium: apt-get installed no program that is known. Set CHROME_PATH.');
}

async function installHost() {
  const elapsed = stopwatch();
  const installer = path.join(root, 'test/host/installHost.ts');
  const { code } = await run(process.execPath, ['--import', 'tsx', installer]);
  if (code !== 0) giveUp('VS Code for tests: failed. Is the npm registry reachable?');
  console.log(`VS Code for tests: ready in ${elapsed()}`);
}

/** Installs what is missing; ends the process with one clear line when something cannot be installed. */
export async function setup() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE)
    giveUp(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}.`);
  if (process.platform === 'win32') giveUp('Tests and npm start run on Linux and macOS; on Windows use WSL.');
  await installDependencies();
  await installChromium();
  await installHost();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup();
