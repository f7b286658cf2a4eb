import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import { systemClock } from '../../src/core/clock.ts';
import type { CsvProfile } from '../../src/core/csvProfile.ts';
import { Format } from '../../src/core/format.ts';
import { newTrainingDraft, type TrainingDraft } from '../../src/core/trainingDraft.ts';
import type { Connection } from '../../src/host/connection.ts';
import { JobWatch, type WatchEnd } from '../../src/host/jobWatch.ts';
import { type LaunchEnd, launchTraining } from '../../src/host/launchTraining.ts';
import { CsvClient } from '../../src/worker/csvClient.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { connectTo } from '../support/localConnection.ts';
import { rejection } from '../support/rejects.ts';
import { bundledWorker } from '../unit/worker/csvFixture.ts';

const sample = path.join(import.meta.dirname, '../../media/samples/boston-housing.csv');
const format = new Format('en');

describe('launching a training job', () => {
  let backend: TestBackend;
  let connection: Connection;
  let csv: CsvClient;
  let profile: CsvProfile;

  before(async () => {
    csv = new CsvClient(await bundledWorker());
    const inspected = await csv.inspect({ path: sample });
    assert.ok('columns' in inspected);
    profile = inspected;
  });
  after(() => csv.dispose());
  beforeEach(async () => {
    backend = await startBackend();
    connection = connectTo(backend);
  });
  afterEach(async () => {
    await connection.dispose();
    await backend.dispose();
  });

  function aDraft(jobName: string): TrainingDraft {
    return newTrainingDraft(profile, {
      path: sample,
      jobName,
      outputS3Uri: `s3://${backend.bucket}/sagemaker-jobs`,
      roleArn: backend.roleArn,
      compute: {
        instanceType: 'ml.m5.xlarge',
        instanceCount: 1,
        volumeSizeInGB: 5,
        maxRuntimeInSeconds: 86400,
      },
    });
  }

  function launch(
    draft: TrainingDraft,
    options: { report?: (message: string) => void; signal?: AbortSignal } = {},
  ): Promise<LaunchEnd> {
    const { report = () => undefined, signal = new AbortController().signal } = options;
    const clock = systemClock;
    return launchTraining({ draft, profile, connection, csv, clock, format }, report, signal);
  }

  async function objects(): Promise<string[]> {
    const { Contents = [] } = await backend.s3.send(new ListObjectsV2Command({ Bucket: backend.bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async function text(key: string): Promise<string> {
    const { Body } = await backend.s3.send(new GetObjectCommand({ Bucket: backend.bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  }

  /** Everything that a launch could leave behind. */
  async function remains(): Promise<Record<string, unknown>> {
    const jobs = await backend.sagemaker.send(new ListTrainingJobsCommand({}));
    const uploads = await backend.s3.send(new ListMultipartUploadsCommand({ Bucket: backend.bucket }));
    const folders = (await readdir(tmpdir())).filter((name) => name.startsWith('sagemaker-jobs-launch-'));
    return {
      jobs: jobs.TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName),
      objects: await objects(),
      uploads: uploads.Uploads ?? [],
      folders,
    };
  }

  const nothing = { jobs: [], objects: [], uploads: [], folders: [] };

  function watch(jobName: string, lines: string[]): Promise<WatchEnd | undefined> {
    const writer = { appendLine: (line: string) => void lines.push(line) };
    const onJob = (): void => undefined;
    const options = { jobName, connection, clock: systemClock, writer, format, onJob, onProgress: onJob };
    return new JobWatch(options).ended;
  }

  it('uploads the parts as the container reads them, and what the numbers mean beside them', async () => {
    assert.deepEqual((await launch(aDraft('boston'))).kind, 'created');
    const folder = 'sagemaker-jobs/boston';
    const uploaded = (await objects()).filter((key) => !key.includes('/output/'));
    assert.deepEqual(uploaded, [
      `${folder}/about/columns.json`,
      `${folder}/about/test-labels.csv`,
      `${folder}/test/test.csv`,
      `${folder}/train/train.csv`,
      `${folder}/validation/validation.csv`,
    ]);
    const rows = async (key: string): Promise<string[][]> =>
      (await text(`${folder}/${key}`))
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    const [train, validation, test] = [
      await rows('train/train.csv'),
      await rows('validation/validation.csv'),
      await rows('test/test.csv'),
    ];
    assert.deepEqual([train.length, validation.length, test.length], [354, 76, 76]);
    assert.deepEqual([train[0]?.length, validation[0]?.length, test[0]?.length], [14, 14, 13]);

    const source = (await readFile(sample, 'utf8')).trimEnd().split('\n').slice(1);
    const labels = (await rows('about/test-labels.csv')).slice(1);
    const rebuilt = labels.map(
      ([row, label], i) => [Number(row), [...(test[i] ?? []), label].join(',')] as const,
    );
    for (const [row, line] of rebuilt) assert.equal(line, source[row - 1]);
    const labelFirst = new Set(source.map((line) => line.replace(/^(.*),([^,]*)$/, '$2,$1')));
    for (const row of [...train, ...validation]) assert.ok(labelFirst.has(row.join(',')), row.join(','));

    const columns = JSON.parse(await text(`${folder}/about/columns.json`)) as Record<string, unknown>;
    assert.equal(columns['label'], 'medv');
    assert.equal(columns['seed'], 42);
    assert.equal((columns['features'] as string[]).length, 13);
  });

  it('writes each stored line once, and the job’s last word behind the last one', async () => {
    await launch(aDraft('boston'));
    const lines: string[] = [];
    const end = await watch('boston', lines);
    assert.equal(end?.job.status, 'Completed');
    assert.match(end.metric ?? '', /^best validation:rmse \d+\.\d{5} \(round \d+\)$/);
    const again: string[] = [];
    await watch('boston', again);
    const fromJob = (all: string[]): string[] =>
      all.filter((line) => /^\d\d:\d\d:\d\d\.\d{3} (?!●)/.test(line));
    assert.deepEqual(fromJob(lines), fromJob(again));
    const rounds = lines.flatMap((line) => /\[(\d+)\]\ttrain-rmse/.exec(line)?.[1] ?? []).map(Number);
    assert.deepEqual(
      rounds,
      rounds.map((_, i) => i),
    );
    assert.match(lines[0] ?? '', /^▸ boston · Local, on this computer$/);
    assert.match(lines.at(-1) ?? '', /● Completed {3}\d+ rounds, best validation:rmse .* \(round \d+\) · /);
  });

  for (const [phase, begins] of [
    ['preparing', 'Preparing data'],
    ['uploading', 'Uploading validation.csv'],
    ['creating', 'Creating the training job'],
  ] as const) {
    it(`leaves nothing when it is cancelled while ${phase}`, async () => {
      const controller = new AbortController();
      const report = (message: string): void => {
        if (message.startsWith(begins)) controller.abort();
      };
      const end = await launch(aDraft('boston'), { report, signal: controller.signal });
      assert.equal(controller.signal.aborted, true, 'the phase was never reached');
      assert.deepEqual(
        { kind: end.kind, existed: end.kind === 'cancelled' && end.jobExisted },
        {
          kind: 'cancelled',
          existed: false,
        },
      );
      assert.deepEqual(await remains(), nothing);
    });
  }

  it('stops the job when the cancel comes after its creation, and says that it existed', async () => {
    const controller = new AbortController();
    await connection.use(async ({ jobs }) => {
      const create = jobs.create.bind(jobs);
      jobs.create = async (request, options) => {
        const created = await create(request, options);
        controller.abort();
        return created;
      };
    });
    const end = await launch(aDraft('boston'), { signal: controller.signal });
    assert.deepEqual(end, { kind: 'cancelled', removedFiles: 0, jobExisted: true });
    const ended = await watch('boston', []);
    assert.ok(ended && ['Stopped', 'Completed'].includes(ended.job.status), ended?.job.status);
  });

  it('never mixes the data of two jobs', async () => {
    await launch(aDraft('boston'));
    await watch('boston', []);
    await connection.use(({ jobs }) => jobs.delete('boston'));
    const error = await rejection(launch(aDraft('boston')));
    assert.match(error.message, /^s3:\/\/.*\/sagemaker-jobs\/boston\/ already holds objects\.$/);
    assert.equal((await remains())['uploads'] instanceof Array, true);
  });

  it('removes what it uploaded when the service refuses the job', async () => {
    const draft = aDraft('boston');
    const refused = {
      ...draft,
      output: { ...draft.output, roleArn: 'arn:aws:iam::111122223333:role/Nobody' },
    };
    await rejection(launch(refused));
    assert.deepEqual(await remains(), nothing);
  });
});
