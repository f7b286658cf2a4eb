import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { BenchRow } from './row.ts';

const root = path.join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What `measureJourney.ts` prints. */
interface JourneyFigures {
  readonly activateMs: readonly number[];
  readonly loadMs: readonly number[];
  readonly firstLineMs: number;
}

/** The start-up of the packaged extension and its main job, in a real VS Code; beside it a naive bundle of the SDK. */
export async function benchJourney(): Promise<BenchRow[]> {
  await run(process.execPath, ['scripts/package.mjs'], { cwd: root });
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'test/workbench/measureJourney.ts'], {
    cwd: root,
    maxBuffer: 1e8,
  });
  const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as JourneyFigures;
  const naive = await naiveBundle();
  return [
    {
      what: 'activate(), median of 5',
      ours: `${median(figures.activateMs).toFixed(0)} ms`,
      peer: '',
      goal: '≤ 30 ms',
    },
    {
      what: 'reading the entry bundle, median of 5',
      ours: `${median(figures.loadMs).toFixed(0)} ms`,
      peer: `naive bundle of the SDK: ${naive.kilobytes.toFixed(0)} KB, ${naive.loadMs.toFixed(0)} ms`,
      goal: 'no AWS code before first use',
    },
    {
      what: 'Launch to first log line on screen',
      ours: `${(figures.firstLineMs / 1000).toFixed(2)} s`,
      peer: '',
      goal: '≤ 2 s',
    },
  ];
}

/** All clients that the extension uses, imported whole into one CommonJS file: its size, and the time Node needs to load it. */
async function naiveBundle(): Promise<{ readonly kilobytes: number; readonly loadMs: number }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-naive-'));
  try {
    const clients = ['sagemaker', 's3', 'cloudwatch-logs', 'sts', 'iam'];
    const outfile = path.join(folder, 'naive.cjs');
    const { metafile } = await build({
      stdin: {
        contents: clients.map((name, i) => `export * as c${i} from '@aws-sdk/client-${name}';`).join('\n'),
        resolveDir: root,
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      minify: true,
      outfile,
      metafile: true,
      logLevel: 'error',
    });
    const script = `const t = performance.now(); require(${JSON.stringify(outfile)}); console.log(performance.now() - t);`;
    const times: number[] = [];
    for (let i = 0; i < 5; i++) times.push(Number((await run(process.execPath, ['-e', script])).stdout));
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    return { kilobytes: bytes / 1024, loadMs: median(times) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
