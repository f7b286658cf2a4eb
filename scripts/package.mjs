#!/usr/bin/env node
// Makes the .vsix in the clone's folder: a production build, packed, its size checked.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { bin, root, run } from './run.mjs';

const LIMIT_MB = 2;

const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const file = `${name}-${version}.vsix`;

const build = await run(process.execPath, ['scripts/build.mjs', '--production']);
if (build.code !== 0) process.exit(1);
// Everything is bundled, so no node_modules go in.
const pack = await run(
  bin('vsce'),
  ['package', '--no-dependencies', '--no-rewrite-relative-links', '--out', file],
  { output: 'capture' },
);
if (pack.code !== 0) {
  console.error(pack.output.trimEnd());
  process.exit(1);
}
const megabytes = statSync(path.join(root, file)).size / 2 ** 20;
console.log(`${file}  ${megabytes.toFixed(2)} MB`);
if (megabytes > LIMIT_MB) {
  console.error(`${file} is larger than ${LIMIT_MB} MB.`);
  process.exit(1);
}
