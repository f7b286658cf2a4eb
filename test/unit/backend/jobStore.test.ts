import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type JobRecord,
  JobStore,
  advanced,
  ended,
  interruptedReason,
} from '../../../src/backend/jobStore.ts';
import { type TemporaryFolder, makeTemporaryFolder } from '../../support/temporaryFolder.ts';

function aJob(name: string): JobRecord {
  const created: JobRecord = {
    name,
    arn: `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`,
    request: { TrainingJobName: name },
    tags: [],
    status: 'InProgress',
    secondaryStatus: 'Starting',
    transitions: [],
    createdMs: 1000,
    modifiedMs: 1000,
  };
  return advanced(created, 'InProgress', 'Starting', 'Starting the training job', 1000);
}

describe('advanced', () => {
  it('changes only the message within one secondary status', () => {
    const job = advanced(aJob('a'), 'InProgress', 'Starting', 'Preparing the instances for training', 2000);
    assert.deepEqual(job.transitions, [
      { status: 'Starting', startMs: 1000, message: 'Preparing the instances for training' },
    ]);
    assert.equal(job.modifiedMs, 2000);
  });

  it('ends one transition where the next begins', () => {
    const job = advanced(aJob('a'), 'InProgress', 'Downloading', 'Downloading input data', 3000);
    assert.deepEqual(job.transitions, [
      { status: 'Starting', startMs: 1000, endMs: 3000, message: 'Starting the training job' },
      { status: 'Downloading', startMs: 3000, message: 'Downloading input data' },
    ]);
  });
});

describe('ended', () => {
  it('keeps 1,024 characters of a reason', () => {
    const job = ended(aJob('a'), 'Failed', 'Failed', 'Training job failed', 4000, 'x'.repeat(2000));
    assert.equal(job.failureReason?.length, 1024);
    assert.equal(job.endedMs, 4000);
    assert.deepEqual(job.transitions.at(-1), {
      ...{ status: 'Failed', startMs: 4000, endMs: 4000 },
      message: 'Training job failed',
    });
  });
});

describe('JobStore', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => (folder = await makeTemporaryFolder()));
  afterEach(() => folder.dispose());

  it('finds jobs whatever the case of their names', () => {
    const store = new JobStore(folder.path, 0);
    store.put(aJob('Boston'));
    assert.equal(store.get('BOSTON')?.name, 'Boston');
    store.delete('boston');
    assert.equal(store.get('Boston'), undefined);
    assert.deepEqual(new JobStore(folder.path, 0).all(), []);
  });

  it('finds finished jobs again as they were', () => {
    const done = ended(aJob('done'), 'Completed', 'Completed', 'Training job completed', 5000);
    new JobStore(folder.path, 0).put(done);
    assert.deepEqual(new JobStore(folder.path, 9000).get('done'), done);
  });

  it('loses only the job whose file is damaged, and says so', () => {
    const store = new JobStore(folder.path, 0);
    for (const name of ['good', 'bad']) store.put(ended(aJob(name), 'Completed', 'Completed', 'Done', 5000));
    writeFileSync(path.join(folder.path, 'job-bad.json'), '');
    const said: string[] = [];
    const names = new JobStore(folder.path, 0, (line) => said.push(line)).all().map(({ name }) => name);
    assert.deepEqual(names, ['good']);
    assert.match(said.join(), /^The job in job-bad\.json can't be read/);
  });

  it('fails jobs that were cut by the end of their process, with a reason', () => {
    new JobStore(folder.path, 0).put(aJob('cut'));
    const job = new JobStore(folder.path, 9000).get('cut');
    assert.deepEqual([job?.status, job?.secondaryStatus, job?.endedMs], ['Failed', 'Failed', 9000]);
    assert.equal(job?.failureReason, interruptedReason);
    assert.match(interruptedReason, /^InternalServerError: the local backend was ended while the job ran\./);
  });
});
