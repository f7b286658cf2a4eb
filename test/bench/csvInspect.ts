import { inspectCsv } from '../../src/worker/inspectCsv.ts';
import { report } from './measuredProcess.ts';

/** A process that inspects the file of its first argument. */
const path = process.argv[2] ?? '';

await report(() => inspectCsv({ path }, () => undefined, new AbortController().signal));
