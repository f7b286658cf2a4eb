import type { CsvProfile } from '../core/csvProfile.ts';
import { Inspection } from '../csv/inspection.ts';
import type { CsvWorkerApi, CsvWorkerEvents } from '../protocol/csvWorker.ts';
import type { Params } from '../protocol/rpc.ts';
import { fileState, readSource } from './sourceFile.ts';

export type Progress = Params<CsvWorkerEvents, 'progress'>;

/** Inspects a file. Rejects with `UnusableCsv`, `FileTrouble` or an `AbortError`. */
export async function inspectCsv(
  { path, hasHeader }: Params<CsvWorkerApi, 'inspect'>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<CsvProfile> {
  const state = await fileState(path);
  const inspection = new Inspection(hasHeader);
  let bytes = 0;
  const onChunk = (chunk: Uint8Array): void => {
    inspection.push(chunk);
    bytes += chunk.length;
    onProgress({ rows: inspection.rows, bytes, sizeBytes: state.sizeBytes });
  };
  await readSource(path, state, onChunk, signal);
  return { ...inspection.end(), ...state };
}
