import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** The name that XGBoost's container gives to a model in its archive. */
export const modelFileName = 'xgboost-model';

/** Writes model.tar.gz, with the model as its only file, at the root. */
export async function writeModelArchive(path: string, model: string): Promise<void> {
  const archive = pack();
  archive.entry({ name: modelFileName, mode: 0o644 }, model);
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
}
