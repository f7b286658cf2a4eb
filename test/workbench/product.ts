import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
};

export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** The package that `npm run package` makes. */
export function vsixFile(): string {
  const file = path.join(root, `${manifest.name}-${manifest.version}.vsix`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run package\` first.`);
  return file;
}

/** A new folder that holds `boston-housing.csv`. The caller removes it. */
export async function sampleWorkspace(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sagemaker-jobs-workspace-'));
  const sample = 'boston-housing.csv';
  await copyFile(path.join(root, 'media/samples', sample), path.join(folder, sample));
  return folder;
}
