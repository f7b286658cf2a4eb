import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataMatrix } from '../../src/boosting/matrix.ts';
import { MersenneTwister } from '../../src/boosting/mersenneTwister.ts';
import { parseParameters } from '../../src/boosting/parameters.ts';
import { MatrixReader } from '../../src/boosting/readMatrix.ts';
import { train } from '../../src/boosting/train.ts';
import type { BenchRow } from './row.ts';

const rowCount = 100_000;
const featureCount = 14;
const rounds = 12;
const megabyte = 1024 * 1024;

/** Measures the trainer on synthetic rows, its first round on Boston housing, and the reading of CSV. */
export async function benchTrainer(): Promise<BenchRow[]> {
  const matrix = friedman();
  const hist = await roundTimes(matrix, 'hist');
  const exact = await roundTimes(matrix, 'exact');
  const peer = await xgboostTimes(matrix);
  const size = `${rowCount / 1000}k × ${featureCount}`;
  return [
    {
      what: `hist, a round of ${size}`,
      ours: milliseconds(median(hist)),
      peer: peer === undefined ? notInstalled : milliseconds(median(peer.hist)),
      goal: '≤ 3 × XGBoost with one thread',
    },
    {
      what: `exact, a round of ${size}`,
      ours: milliseconds(median(exact)),
      peer: peer === undefined ? notInstalled : milliseconds(median(peer.exact)),
      goal: '≤ 2 × XGBoost with one thread',
    },
    {
      what: 'Boston housing, from bytes to the first round',
      ours: milliseconds(await bostonLatency()),
      peer: peer === undefined ? notInstalled : `${milliseconds(peer.startup)} to import xgboost`,
      goal: '≤ 300 ms',
    },
    {
      what: 'training CSV, read',
      ours: `${readingSpeed(matrix).toFixed(0)} MB/s`,
      peer: '',
      goal: '143 MB in seconds',
    },
  ];
}

const notInstalled = 'xgboost not installed';

/** Friedman's first benchmark function (1991) with features that don't matter beside the five that do. */
function friedman(): DataMatrix {
  const generator = new MersenneTwister(1);
  const columns = Array.from({ length: featureCount }, () =>
    Float32Array.from({ length: rowCount }, () => generator.nextUnit()),
  );
  const labels = Float32Array.from({ length: rowCount }, (_, row) => {
    const [a, b, c, d, e] = columns.map((column) => column[row]!);
    return 10 * Math.sin(Math.PI * a! * b!) + 20 * (c! - 0.5) ** 2 + 10 * d! + 5 * e! + generator.nextUnit();
  });
  return { rowCount, columns, labels };
}

/** Milliseconds of each round after the first, which also sorts or bins the data. */
async function roundTimes(matrix: DataMatrix, treeMethod: string): Promise<number[]> {
  const times: number[] = [];
  let last = performance.now();
  const running = train({
    train: matrix,
    parameters: parseParameters({ tree_method: treeMethod }),
    numRound: rounds,
  });
  while ((await running.next()).done !== true) {
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times.slice(1);
}

async function bostonLatency(): Promise<number> {
  const file = readFileSync(new URL('../../media/samples/boston-housing.csv', import.meta.url));
  const withoutHeader = file.subarray(file.indexOf('\n') + 1);
  const begin = performance.now();
  const reader = new MatrixReader();
  reader.push(withoutHeader);
  await train({ train: reader.finish(), parameters: parseParameters({}), numRound: 1 }).next();
  return performance.now() - begin;
}

/** Megabytes a second. */
function readingSpeed(matrix: DataMatrix): number {
  const lines = Array.from(matrix.labels, (label, row) =>
    [label, ...matrix.columns.map((column) => column[row]!)].map((value) => value.toPrecision(9)).join(','),
  );
  const bytes = new TextEncoder().encode(lines.join('\n'));
  const begin = performance.now();
  const reader = new MatrixReader();
  for (let at = 0; at < bytes.length; at += megabyte) reader.push(bytes.subarray(at, at + megabyte));
  reader.finish();
  return bytes.length / 1e6 / ((performance.now() - begin) / 1000);
}

interface PeerTimes {
  readonly hist: readonly number[];
  readonly exact: readonly number[];
  /** Milliseconds to start Python and import xgboost. */
  readonly startup: number;
}

const peerProgram = `
import json, sys, time
begin = time.perf_counter()
import numpy, xgboost
result = {"startup": (time.perf_counter() - begin) * 1000}
rows, features, rounds = map(int, sys.argv[2:5])
values = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(features + 1, rows)
data = xgboost.DMatrix(numpy.ascontiguousarray(values[1:].T), values[0])
for method in ("hist", "exact"):
    booster = xgboost.Booster({"tree_method": method, "nthread": 1, "verbosity": 0}, [data])
    times = []
    for i in range(rounds):
        begin = time.perf_counter()
        booster.update(data, i)
        booster.eval(data)
        times.append((time.perf_counter() - begin) * 1000)
    result[method] = times[1:]
print(json.dumps(result))
`;

/** The same rounds by Python's xgboost; `undefined` where it is not installed. */
async function xgboostTimes(matrix: DataMatrix): Promise<PeerTimes | undefined> {
  try {
    execFileSync('python3', ['-c', 'import xgboost'], { stdio: 'ignore' });
  } catch {
    // No Python or no xgboost: the table says so, and our own numbers stand alone.
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'trainer-bench-'));
  try {
    const data = join(folder, 'rows.f32');
    writeFileSync(
      data,
      Buffer.concat([matrix.labels, ...matrix.columns].map((column) => Buffer.from(column.buffer))),
    );
    const sizes = [rowCount, featureCount, rounds].map(String);
    return JSON.parse(
      execFileSync('python3', ['-c', peerProgram, data, ...sizes], { encoding: 'utf8' }),
    ) as PeerTimes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

function milliseconds(time: number): string {
  return `${time.toFixed(time < 10 ? 1 : 0)} ms`;
}
