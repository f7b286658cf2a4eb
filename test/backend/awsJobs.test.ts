import assert from 'node:assert/strict';
import type { AwsSession } from '../../src/aws/session.ts';
import { isFinal } from '../../src/core/trainingJob.ts';
import type { TrainingRequest } from '../../src/core/trainingRequest.ts';
import { openTestSession } from '../support/awsSession.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { eventually } from '../support/eventually.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../support/faultyProxy.ts';
import { putTrainingData, xgboostImage } from '../support/trainingJobs.ts';

describe('TrainingJobs on the local backend', () => {
  let backend: TestBackend;
  let proxy: FaultyProxy;
  let session: AwsSession;

  before(async () => {
    backend = await startBackend();
    proxy = await startFaultyProxy(backend);
    session = openTestSession(backend, proxy.url);
    await putTrainingData(backend);
  });

  afterEach(() => {
    proxy.fault = () => undefined;
  });

  after(async () => {
    session.dispose();
    await proxy.dispose();
    await backend.dispose();
  });

  it('creates a job, describes it and sees it end', async () => {
    assert.equal(await session.jobs.nameTaken('simple'), false);
    assert.equal(await session.jobs.describe('simple'), undefined);
    const { arn, foundAfterLostAnswer } = await session.jobs.create(aRequest('simple'));
    assert.match(arn, /:training-job\/simple$/);
    assert.equal(foundAfterLostAnswer, false);
    assert.equal(await session.jobs.nameTaken('simple'), true);
    const job = await endOf('simple');
    assert.equal(job.status, 'Completed');
    assert.equal(job.arn, arn);
    assert.deepEqual(job.hyperparameters, { num_round: '3' });
    assert.deepEqual(job.channels, [
      { name: 'train', s3Uri: `s3://${backend.bucket}/data/`, contentType: 'text/csv' },
    ]);
    assert.equal(job.instanceCount, 1);
    assert.ok((job.endedMs ?? 0) >= job.createdMs);
    assert.equal(job.transitions.at(-1)?.status, 'Completed');
    assert.match(job.modelS3Uri ?? '', /simple\/output\/model\.tar\.gz$/);
    assert.equal(job.response['TrainingJobName'], 'simple');
    assert.equal('$metadata' in job.response, false);
  });

  it('says that a name is taken when it is', async () => {
    await session.jobs.create(aRequest('taken'));
    await assert.rejects(session.jobs.create(aRequest('taken')), {
      name: 'Problem',
      code: 'conflict',
      message: 'The name "taken" is already used in us-east-1.',
    });
  });

  it('tells what is wrong with a request in the words of the service', async () => {
    const request = {
      ...aRequest('nothing-there'),
      InputDataConfig: [aChannel(`s3://${backend.bucket}/none/`)],
    };
    await assert.rejects(session.jobs.create(request), {
      name: 'Problem',
      code: 'invalidInput',
      message: /No S3 objects found under S3 URL/,
    });
  });

  for (const [what, fault] of [
    ['breaks', 'cutAfter'],
    ['is a fault', { status: 500, type: 'InternalFailure', message: 'Oops', after: true }],
  ] as const satisfies readonly (readonly [string, Fault])[]) {
    it(`takes its job as created when the answer ${what} and the retry finds the name in use`, async () => {
      const name = `lost-once-${what.replaceAll(' ', '-')}`;
      faultOn('SageMaker.CreateTrainingJob', 1, fault);
      let lostAnswers = 0;
      const created = await session.jobs.create(aRequest(name), { onLostAnswer: () => (lostAnswers += 1) });
      assert.equal(created.foundAfterLostAnswer, true);
      assert.equal(lostAnswers, 1);
      assert.equal(created.arn, (await session.jobs.describe(name))?.arn);
      assert.equal((await allNames()).filter((listed) => listed === name).length, 1);
    });
  }

  it('finds its job when no attempt was ever answered', async () => {
    faultOn('SageMaker.CreateTrainingJob', Infinity, 'cutAfter');
    const created = await session.jobs.create(aRequest('lost-always'));
    assert.equal(created.foundAfterLostAnswer, true);
  });

  it("does not take another's job of the same name for its own after a lost answer", async () => {
    await session.jobs.create({ ...aRequest('others'), HyperParameters: { num_round: '4' } });
    faultOn('SageMaker.CreateTrainingJob', 1, 'cutBefore');
    await assert.rejects(session.jobs.create(aRequest('others')), { name: 'Problem', code: 'conflict' });
  });

  it('says that it is offline when the service never heard of the request', async () => {
    faultOn('SageMaker.CreateTrainingJob', Infinity, 'cutBefore');
    await assert.rejects(session.jobs.create(aRequest('unheard')), { name: 'Problem', code: 'offline' });
    proxy.fault = () => undefined;
    assert.equal(await session.jobs.nameTaken('unheard'), false);
  });

  it('rejects with an AbortError when it is cancelled', async () => {
    await assert.rejects(session.jobs.create(aRequest('cancelled'), { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
    assert.equal(await session.jobs.nameTaken('cancelled'), false);
  });

  it('lists all jobs page by page, the newest first', async () => {
    const names: string[] = [];
    let pages = 0;
    for await (const page of session.jobs.list({ maxResults: 2 })) {
      pages += 1;
      names.push(...page.jobs.map(({ name }) => name));
    }
    assert.ok(pages >= 2, `${pages} pages`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.indexOf('taken') < names.indexOf('simple'));
  });

  it('retries a throttle by itself', async () => {
    const throttle: Fault = { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };
    faultOn('SageMaker.ListTrainingJobs', 2, throttle);
    assert.ok((await session.jobs.listPage({})).jobs.length > 0);
    faultOn('SageMaker.ListTrainingJobs', Infinity, throttle);
    await assert.rejects(session.jobs.listPage({}), { name: 'Problem', code: 'throttled' });
  });

  it('stops a job that runs, and says so of one that has ended', async () => {
    await session.jobs.create({ ...aRequest('long'), HyperParameters: { num_round: '1000000' } });
    assert.equal(await session.jobs.stop('long'), true);
    assert.equal((await endOf('long')).status, 'Stopped');
    assert.equal(await session.jobs.stop('long'), false);
    await assert.rejects(session.jobs.stop('never-there'), { name: 'Problem', code: 'notFound' });
  });

  it('deletes the record of a job, once or twice, and its name is free', async () => {
    await session.jobs.create(aRequest('short-lived'));
    await endOf('short-lived');
    await session.jobs.delete('short-lived');
    await session.jobs.delete('short-lived');
    assert.equal(await session.jobs.nameTaken('short-lived'), false);
  });

  it('tells who is signed in, and which roles SageMaker may assume', async () => {
    assert.equal((await session.identity.caller()).accountId, backend.accountId);
    const roles = await session.identity.executionRoles();
    assert.ok(roles.some(({ arn }) => arn === backend.roleArn));
  });

  function aRequest(name: string): TrainingRequest {
    return {
      TrainingJobName: name,
      AlgorithmSpecification: { TrainingImage: xgboostImage, TrainingInputMode: 'File' },
      RoleArn: backend.roleArn,
      InputDataConfig: [aChannel(`s3://${backend.bucket}/data/`)],
      OutputDataConfig: { S3OutputPath: `s3://${backend.bucket}/output` },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      HyperParameters: { num_round: '3' },
    };
  }

  /** Lets the first `times` requests of this operation meet with the fault. */
  function faultOn(target: string, times: number, fault: Fault): void {
    let left = times;
    proxy.fault = (request) => (request.target === target && left-- > 0 ? fault : undefined);
  }

  async function endOf(name: string) {
    return eventually(async () => {
      const job = await session.jobs.describe(name);
      return job && isFinal(job) ? job : undefined;
    }, `the end of ${name}`);
  }

  async function allNames(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of session.jobs.list({})) names.push(...page.jobs.map(({ name }) => name));
    return names;
  }
});

function aChannel(s3Uri: string): TrainingRequest['InputDataConfig'][number] {
  return {
    ChannelName: 'train',
    ContentType: 'text/csv',
    CompressionType: 'None',
    DataSource: {
      S3DataSource: { S3DataType: 'S3Prefix', S3Uri: s3Uri, S3DataDistributionType: 'FullyReplicated' },
    },
  };
}
