import { statSync } from 'node:fs';
import { prepareCsv } from '../../src/worker/prepareCsv.ts';
import { report } from './measuredProcess.ts';

/** A process that splits the file of its first argument, shuffled, label last, into the folder of its second. */
const [, , path = '', folder = ''] = process.argv;
const { size, mtimeMs } = statSync(path);

await report(() =>
  prepareCsv(
    {
      path,
      expected: { sizeBytes: size, modifiedMs: mtimeMs },
      delimiter: ',',
      hasHeader: true,
      labelColumn: 13,
      droppedColumns: [],
      textAsMissingColumns: [],
      split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', seed: 42 },
      folder,
    },
    () => undefined,
    new AbortController().signal,
  ),
);
