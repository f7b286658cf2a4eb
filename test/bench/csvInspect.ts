import { CsvClient } from '../../src/worker/csvClient.ts';
import { report } from './measuredProcess.ts';

/** A process that inspects the file of its first argument; the bundled worker lies beside it. */
const path = process.argv[2] ?? '';
const client = new CsvClient({ workerUrl: new URL('csvWorker.js', import.meta.url) });

await report(() => client.inspect({ path }));
await client.dispose();
