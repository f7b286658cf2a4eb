import { readFileSync } from 'node:fs';
import type { DataMatrix } from '../../../src/boosting/matrix.ts';
import { MatrixReader } from '../../../src/boosting/readMatrix.ts';

/** The part of an XGBoost tree that its JSON model holds, by node id. */
export interface GoldenTree {
  readonly base_weights: readonly number[];
  readonly default_left: readonly number[];
  readonly left_children: readonly number[];
  readonly loss_changes: readonly number[];
  readonly parents: readonly number[];
  readonly right_children: readonly number[];
  readonly split_conditions: readonly number[];
  readonly split_indices: readonly number[];
  readonly sum_hessian: readonly number[];
  readonly tree_param: Readonly<Record<string, string>>;
}

export interface GoldenModel {
  readonly learner: {
    readonly attributes: Readonly<Record<string, string>>;
    readonly gradient_booster: {
      readonly model: { readonly tree_info: readonly number[]; readonly trees: readonly GoldenTree[] };
    };
  };
}

type Part = 'train' | 'validation' | 'test';

/** A run of XGBoost 1.7.4 with one thread, as the files in test/vectors/trainer record it. */
export interface GoldenRun {
  readonly data: string;
  readonly label: string;
  /** Half-open ranges of data rows, in file order. */
  readonly split: Readonly<Record<Part, readonly [number, number]>>;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly rounds_run: number;
  readonly best_iteration: number | null;
  readonly metrics: Readonly<Record<'train' | 'validation', Readonly<Record<string, readonly number[]>>>>;
  readonly test_predictions: readonly (number | readonly number[])[];
  readonly model: GoldenModel;
}

const root = new URL('../../../', import.meta.url);

export const goldenRuns = [
  'boston-exact',
  'boston-hist',
  'boston-missing-exact',
  'boston-missing-hist',
  'boston-tutorial',
  'boston-tutorial-rmse',
  'cancer-logistic',
  'wine-softmax-hist',
  'wine-softprob',
] as const;

export function readGoldenRun(name: string): GoldenRun {
  return JSON.parse(readFileSync(new URL(`test/vectors/trainer/${name}.json`, root), 'utf8')) as GoldenRun;
}

/** Rows of a run's data as XGBoost was given them: label first, no header. */
export function readPart(run: GoldenRun, part: Part): DataMatrix {
  const folder = run.data === 'boston-housing.csv' ? 'media/samples' : 'test/data';
  const lines = readFileSync(new URL(`${folder}/${run.data}`, root), 'utf8')
    .trim()
    .split('\n');
  const label = lines[0]!.split(',').indexOf(run.label);
  const [begin, end] = run.split[part];
  const rows = lines.slice(1 + begin, 1 + end).map((line) => {
    const cells = line.split(',');
    return [cells[label], ...cells.filter((_, column) => column !== label)].join(',');
  });
  const reader = new MatrixReader();
  reader.push(new TextEncoder().encode(rows.join('\n')));
  return reader.finish();
}
