import { statSync } from 'node:fs';
import { CsvClient } from '../../src/worker/csvClient.ts';
import { report } from './measuredProcess.ts';

/**
 * A process that splits the file of its first argument, shuffled, label last, into the folder of its second. The
 * bundled worker lies beside it.
 */
const [, , path = '', folder = ''] = process.argv;
const { size, mtimeMs } = statSync(path);

const client = new CsvClient({ workerUrl: new URL('csvWorker.js', import.meta.url) });

await report(() =>
  client.prepare({
    path,
    expected: { sizeBytes: size, modifiedMs: mtimeMs },
    delimiter: ',',
    hasHeader: true,
    labelColumn: 13,
    droppedColumns: [],
    textAsMissingColumns: [],
    split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', seed: 42 },
    folder,
  }),
);
await client.dispose();
