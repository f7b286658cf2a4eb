import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
};

export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** The sample data, by its name in a workspace of `sampleWorkspace`. */
export const sample = 'boston-housing.csv';

/** The package that `npm run package` makes. */
export function vsixFile(): string {
  const file = path.join(root, `${manifest.name}-${manifest.version}.vsix`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run package\` first.`);
  return file;
}

/** A new folder that holds the sample data. Its name is in the pictures, so it is always the same. */
export async function sampleWorkspace(): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'sagemaker-jobs-')), 'housing');
  await mkdir(folder);
  await copyFile(path.join(root, 'media/samples', sample), path.join(folder, sample));
  return folder;
}

/** Removes a folder of `sampleWorkspace`. */
export async function removeWorkspace(folder: string): Promise<void> {
  await rm(path.dirname(folder), { recursive: true, force: true });
}
