// Runs test/extension/**/*.test.ts inside the extension host of a real VS Code.
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from '@vscode/test-electron';
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.ts';
import { artifactsVariable } from './hostedCode.ts';
import { vscodeVersion } from './recipe.ts';

const root = path.join(import.meta.dirname, '../..');
const testFolder = path.join(root, 'test/extension');
const bundleFolder = path.join(root, 'out/extension-tests');

/** The VS Code to run in: the named one, the desktop one where it can be shown and fetched, else the hosted one. */
async function findExecutable(): Promise<string> {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  const hosted = path.join(import.meta.dirname, 'hostedCode.mjs');
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDisplay) return hosted;
  try {
    const cachePath = path.join(cacheFolder, 'desktop');
    return await downloadAndUnzipVSCode({ version: vscodeVersion, cachePath, timeout: 15_000 });
  } catch (error) {
    if (process.platform === 'win32') throw error;
    console.log(`Using the hosted VS Code, as the desktop one could not be fetched: ${String(error)}`);
    return hosted;
  }
}

/** Bundles each test file by itself; answers with the suite that loads them. */
async function bundleTests(): Promise<string> {
  await rm(bundleFolder, { recursive: true, force: true });
  const files = await readdir(testFolder, { recursive: true });
  const tests = files.filter((file) => file.endsWith('.test.ts')).map((file) => path.join(testFolder, file));
  await build({
    entryPoints: [path.join(testFolder, 'suite.ts'), ...tests],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outbase: testFolder,
    outdir: bundleFolder,
    packages: 'external',
    splitting: true,
    logLevel: 'warning',
  });
  return path.join(bundleFolder, 'suite.js');
}

async function run(): Promise<number> {
  if (!existsSync(path.join(root, 'dist/extension.js')))
    throw new Error('dist/extension.js is missing: run `npm run build` first.');
  const extensionTestsPath = await bundleTests();
  const workspace = await mkdtemp(path.join(os.tmpdir(), 'sagemaker-jobs-workspace-'));
  try {
    const sample = 'boston-housing.csv';
    await copyFile(path.join(root, 'media/samples', sample), path.join(workspace, sample));
    return await runTests({
      vscodeExecutablePath: await findExecutable(),
      extensionDevelopmentPath: root,
      extensionTestsPath,
      launchArgs: [workspace, '--disable-extensions'],
      extensionTestsEnv: { [artifactsVariable]: path.join(root, 'out/artifacts/extension') },
    });
  } catch (error) {
    // The run has printed what failed.
    if (error instanceof TestRunFailedError) return 1;
    throw error;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

process.exitCode = await run();
