import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../support/bundle.ts';
import { seededRandom } from '../support/random.ts';
import { type Measured, measure } from './measuredProcess.ts';
import type { BenchRow } from './row.ts';

const rows = 1_000_000;
const featureCount = 13;

/** Inspects and splits a file of 1,000,000 × 14 numbers, beside papaparse doing the same split. */
export async function benchCsv(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'csv-bench-'));
  try {
    const path = join(folder, 'numbers.csv');
    await pipeline(linesOf(rows), createWriteStream(path));
    const megabytes = Math.round((await stat(path)).size / 1e6);
    await bundle('worker/csvWorker.ts', 'csvWorker.js');
    const inspected = await measure([await bundle('../test/bench/csvInspect.ts', 'csvInspect.js'), path]);
    const program = await bundle('../test/bench/csvPrepare.ts', 'csvPrepare.js');
    const prepared = await measure([program, path, join(folder, 'ours')]);
    const peer = await measurePeer(path, join(folder, 'papaparse'));
    return [
      { what: `Inspect a CSV of ${megabytes} MB`, ours: told(inspected), peer: 'none', goal: '≤ 100 MB' },
      {
        what: `Shuffle and split a CSV of ${megabytes} MB`,
        ours: told(prepared),
        peer: peer ? `papaparse ${told(peer)}` : 'papaparse is not installed',
        goal: `${peer ? `${(peer.seconds / prepared.seconds).toFixed(1)} × papaparse; ` : ''}≥ 5 ×, ≤ 100 MB`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function told({ seconds, peakMegabytes }: Measured): string {
  return `${seconds.toFixed(2)} s, ${Math.round(peakMegabytes)} MB`;
}

async function measurePeer(path: string, folder: string): Promise<Measured | undefined> {
  try {
    createRequire(import.meta.url).resolve('papaparse');
  } catch {
    return undefined;
  }
  const program = fileURLToPath(new URL('csvPapaparse.ts', import.meta.url));
  // It holds all rows in memory, which is more than Node's default allows on small machines.
  return measure(['--max-old-space-size=6000', '--import', 'tsx', program, path, folder]);
}

/** Pieces of a table of decimals with 1 to 9 digits, the same each time. */
function* linesOf(count: number): Generator<string, void> {
  const random = seededRandom(1);
  yield `${Array.from({ length: featureCount }, (_, column) => `feature${column}`).join(',')},target\n`;
  for (let row = 0; row < count; row += 1000) {
    let piece = '';
    for (let line = 0; line < 1000; line++) {
      for (let column = 0; column < featureCount; column++)
        piece += `${(random() * 10 ** (column % 4)).toFixed(3 + (column % 6))},`;
      piece += `${(random() * 50).toFixed(1)}\n`;
    }
    yield piece;
  }
}
