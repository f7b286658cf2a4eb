#!/usr/bin/env node
// Bundles the extension into dist/: one entry per runtime.
//   --watch        rebuild on every change       --production   minified, without source maps, sizes checked
import { build, context } from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from './run.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** What VS Code reads at start-up, without the chunks loaded on first use: it decides the activation time. */
const ENTRY_LIMIT_KB = 60;

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  // The AWS SDK's CommonJS builds cannot be tree-shaken; its ES modules can.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: !production,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** CommonJS dependencies inside an ES module bundle still call `require` for Node's built-in modules. */
const requireForCommonJs = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...common, platform: 'node', target: 'node20', banner: requireForCommonJs };

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    external: ['vscode'],
    outdir: 'dist',
    // Dynamic imports become chunks of their own: nothing of AWS is read before its first use.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  },
  { ...node, entryPoints: ['src/backend/main.ts'], outfile: 'dist/backend.js' },
  { ...node, entryPoints: ['src/backend/trainerWorker.ts'], outfile: 'dist/trainerWorker.js' },
  { ...node, entryPoints: ['src/worker/csvWorker.ts'], outfile: 'dist/csvWorker.js' },
  ...['trainingForm', 'jobPage'].map((page) => ({
    ...common,
    platform: 'browser',
    mainFields: ['browser', 'module', 'main'],
    entryPoints: [`src/webview/${page}/main.ts`],
    outfile: `dist/webview/${page}.js`,
  })),
];

/** Prints a line per entry, its lazy chunks summed beside it; answers with the size of each entry by its file name. */
function reportSizes(metafile, source) {
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  const outputs = Object.entries(metafile.outputs).filter(([file]) => !file.endsWith('.map'));
  // The target of a dynamic import is an entry point as well.
  const entry = outputs.find(([, output]) => output.entryPoint === source);
  // Chunks that the entry imports statically are read at start-up with it.
  const early = new Set();
  const visit = (file) => {
    if (early.has(file) || !metafile.outputs[file]) return;
    early.add(file);
    for (const { path: imported, kind } of metafile.outputs[file].imports)
      if (kind === 'import-statement') visit(imported);
  };
  visit(entry[0]);
  const sum = (files) => files.reduce((total, [, output]) => total + output.bytes, 0);
  const startup = sum(outputs.filter(([file]) => early.has(file)));
  const lazy = sum(outputs.filter(([file]) => !early.has(file)));
  console.log(`${entry[0]}  ${kb(startup)}${lazy > 0 ? `, and ${kb(lazy)} loaded on first use` : ''}`);
  return { file: entry[0], startupKb: startup / 1024 };
}

async function copyIcons() {
  await mkdir(path.join(root, 'dist/webview'), { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf'])
    await cp(
      path.join(root, 'node_modules/@vscode/codicons/dist', file),
      path.join(root, 'dist/webview', file),
    );
}

if (!watch) await rm(path.join(root, 'dist'), { recursive: true, force: true });
await copyIcons();
if (watch) {
  for (const bundle of bundles) await (await context({ ...bundle, logLevel: 'info' })).watch();
} else {
  const sizes = await Promise.all(
    bundles.map(async (bundle) =>
      reportSizes((await build(bundle)).metafile, Object.values(bundle.entryPoints)[0]),
    ),
  ).catch(() => process.exit(1)); // esbuild has printed the errors
  const entry = sizes.find(({ file }) => file === 'dist/extension.js');
  if (production && entry.startupKb > ENTRY_LIMIT_KB) {
    console.error(
      `dist/extension.js reads ${entry.startupKb.toFixed(1)} KB at start-up; the limit is ${ENTRY_LIMIT_KB} KB.`,
    );
    process.exit(1);
  }
}
