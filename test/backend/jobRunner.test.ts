import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { JobRunner, trainingLogGroup } from '../../src/backend/jobRunner.ts';
import { type JobRecord, JobStore } from '../../src/backend/jobStore.ts';
import { LogStore, type LogWriter } from '../../src/backend/logStore.ts';
import { ObjectStore } from '../../src/backend/objectStore.ts';
import { bundleTrainerWorker } from '../support/bundle.ts';
import { eventually } from '../support/eventually.ts';
import { type TemporaryFolder, makeTemporaryFolder } from '../support/temporaryFolder.ts';
import { aChannel, someRows, xgboostImage } from '../support/trainingJobs.ts';

/** As on a disk that has no room left. */
class FullLogs extends LogStore {
  override create(group: string, name: string): LogWriter {
    return Object.assign(super.create(group, name), {
      append: (): void => {
        throw new Error('ENOSPC: no space left on device, write');
      },
    });
  }
}

describe('JobRunner', () => {
  let folder: TemporaryFolder;
  let jobs: JobStore;
  let objects: ObjectStore;
  let runner: JobRunner;
  let said: string[];

  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    jobs = new JobStore(path.join(folder.path, 'jobs'), 0);
    said = [];
  });
  afterEach(async () => {
    await runner.dispose().catch(() => undefined);
    await folder.dispose();
  });

  async function start(logs: LogStore): Promise<void> {
    objects = await ObjectStore.open(path.join(folder.path, 'objects'));
    await objects.putFile('bucket', 'train.csv', Buffer.from(someRows(2000)));
    runner = new JobRunner({
      ...{ jobs, objects, logs },
      scratchFolder: path.join(folder.path, 'scratch'),
      trainerWorker: pathToFileURL(await bundleTrainerWorker()),
      log: (line) => said.push(line),
    });
  }

  function submit(name: string, rounds: number, more: Readonly<Record<string, string>> = {}): void {
    const request = {
      TrainingJobName: name,
      AlgorithmSpecification: { TrainingImage: xgboostImage, TrainingInputMode: 'File' },
      InputDataConfig: [aChannel('train', 's3://bucket/train.csv')],
      OutputDataConfig: { S3OutputPath: 's3://bucket/output' },
      ResourceConfig: { InstanceCount: 1 },
      StoppingCondition: {},
      HyperParameters: { num_round: String(rounds), ...more },
    };
    const job: JobRecord = {
      ...{ name, arn: `arn:${name}`, request, tags: [], transitions: [], createdMs: 0, modifiedMs: 0 },
      ...{ status: 'InProgress', secondaryStatus: 'Starting' },
    };
    jobs.put(job);
    runner.submit(name);
  }

  const failureOf = (name: string): Promise<string> =>
    eventually(() => jobs.get(name)?.failureReason, `the failure of ${name}`);

  it('stops all jobs without waiting for models that they would save', async () => {
    await start(new LogStore(path.join(folder.path, 'logs')));
    // So many classes that a round, before whose end a job that saves its model does not stop, takes long.
    const slow = { objective: 'multi:softprob', num_class: '5000', save_model_on_termination: 'true' };
    for (const name of ['one', 'two', 'waits']) submit(name, 1000, slow);
    await eventually(() => (runner.workerCount === 2 ? true : undefined), 'two workers');
    await runner.stopAll();
    assert.deepEqual(
      jobs.all().map(({ status }) => status),
      ['Stopped', 'Stopped', 'Stopped'],
    );
    assert.deepEqual(await objects.listObjects('bucket', 'output/'), []);
    assert.deepEqual([runner.workerCount, runner.unfinishedCount], [0, 0]);
  });

  it('starts no worker once it was closed, not even for a job that was being prepared', async () => {
    const logs = new LogStore(path.join(folder.path, 'logs'));
    await start(logs);
    submit('late', 5);
    await runner.dispose();
    assert.equal(jobs.get('late')?.status, 'Failed');
    assert.equal(logs.streams(trainingLogGroup), undefined);
  });

  it('fails a job whose log can not be written, and goes on', async () => {
    await start(new FullLogs(path.join(folder.path, 'logs')));
    submit('silent', 1_000_000);
    assert.match(await failureOf('silent'), /^InternalServerError/);
    await runner.whenIdle();
    assert.equal(runner.workerCount, 0);
    assert.match(said.join('\n'), /silent failed: Error: ENOSPC/);
  });

  it('stops a job whose state can not be written, and knows that it has ended', async () => {
    const logs = new LogStore(path.join(folder.path, 'logs'));
    await start(logs);
    submit('unwritten', 1_000_000);
    await eventually(() => (runner.workerCount === 1 ? true : undefined), 'a worker');
    rmSync(path.join(folder.path, 'jobs'), { recursive: true });
    assert.throws(() => runner.stop('unwritten'), /ENOENT/);
    assert.match(await failureOf('unwritten'), /^InternalServerError/);
    await runner.whenIdle();
    assert.equal(runner.unfinishedCount, 0);
  });
});
