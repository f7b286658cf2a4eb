import { GetObjectCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { type TestBackend, startBackend } from '../support/backend.ts';
import { aChannel, createJob, endOf, logOf, putText } from '../support/trainingJobs.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A run of XGBoost 1.7.4 on rows of a file; see test/vectors. */
interface GoldenRun {
  readonly split: Readonly<Record<'train' | 'validation' | 'test', readonly [number, number]>>;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly trees: number;
  readonly rounds_run: number;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly model: {
    readonly learner: { readonly gradient_booster: { readonly model: { readonly trees: unknown } } };
  };
}

function goldenRun(name: string): GoldenRun {
  return JSON.parse(readFileSync(path.join(root, `test/vectors/trainer/${name}.json`), 'utf8')) as GoldenRun;
}

/** Rows of Boston housing in file order, the label (the last column) first. */
function labelFirstRows([from, to]: readonly [number, number]): string {
  const text = readFileSync(path.join(root, 'media/samples/boston-housing.csv'), 'utf8');
  const [header = '', ...rows] = text.trim().split(/\r?\n/);
  const label = header.split(',').findIndex((name) => name.replaceAll('"', '') === 'medv');
  return rows
    .slice(from, to)
    .map((row) => {
      const cells = row.split(',');
      return `${[...cells.splice(label, 1), ...cells].join(',')}\n`;
    })
    .join('');
}

/** The files of a .tar.gz, by name. */
async function filesOf(archive: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Readable.from([archive]).pipe(createGunzip()).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name, Buffer.concat(chunks).toString());
  }
  return files;
}

describe('a training job sent to the backend', () => {
  let backend: TestBackend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.dispose());

  for (const name of ['boston-tutorial', 'boston-tutorial-rmse']) {
    const golden = goldenRun(name);

    it(`gives the ${golden.rounds_run} rounds and ${golden.trees} trees of XGBoost for ${name}`, async () => {
      await putText(backend, `${name}/train/data.csv`, labelFirstRows(golden.split.train));
      await putText(backend, `${name}/validation/data.csv`, labelFirstRows(golden.split.validation));
      await createJob(backend, name, {
        HyperParameters: golden.hyperparameters,
        InputDataConfig: ['train', 'validation'].map((channel) =>
          aChannel(channel, `s3://${backend.bucket}/${name}/${channel}/`),
        ),
      });
      const job = await endOf(backend, name);
      assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);

      const { Body: body } = await backend.s3.send(
        new GetObjectCommand({ Bucket: backend.bucket, Key: `output/${name}/output/model.tar.gz` }),
      );
      const files = await filesOf(await body!.transformToByteArray());
      assert.deepEqual([...files.keys()], ['xgboost-model']);
      const model = JSON.parse(files.get('xgboost-model')!) as GoldenRun['model'];
      const trees = model.learner.gradient_booster.model.trees as readonly unknown[];
      assert.equal(trees.length, golden.trees);
      assert.deepEqual(trees, golden.model.learner.gradient_booster.model.trees);

      const rounds = (await logOf(backend, name)).filter((line) => /^\[\d+\]/.test(line));
      const expected = Array.from({ length: golden.rounds_run }, (_, i) => {
        const [train, validation] = [
          golden.metrics['train']!['rmse']![i]!,
          golden.metrics['validation']!['rmse']![i]!,
        ];
        return `[${i}]#011train-rmse:${train.toFixed(5)}#011validation-rmse:${validation.toFixed(5)}`;
      });
      assert.deepEqual(rounds, expected);

      const last = golden.rounds_run - 1;
      assert.deepEqual(
        job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value?.toFixed(5)]),
        ['train', 'validation'].map((channel) => [
          `${channel}:rmse`,
          golden.metrics[channel]!['rmse']![last]!.toFixed(5),
        ]),
      );
    });
  }
});
