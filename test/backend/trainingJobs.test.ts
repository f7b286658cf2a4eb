import { CreateBucketCommand, DeleteBucketCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import {
  type ListTrainingJobsCommandInput,
  type ListTrainingJobsCommandOutput,
  AddTagsCommand,
  DeleteTagsCommand,
  DeleteTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import assert from 'node:assert/strict';
import { callBackend } from '../../src/backend/backendClient.ts';
import { type TestBackend, startBackend } from '../support/backend.ts';
import {
  aChannel,
  createEndlessJob,
  createJob,
  describeJob,
  endOf,
  logOf,
  putText,
  putTrainingData,
  someRows,
  untilTraining,
  xgboostImage,
} from '../support/trainingJobs.ts';

/** A log line without the time that the container puts before it. */
const untimed = (line: string): string => line.replace(/^\[[\d:-]+:INFO\] /, '');

describe('training jobs', () => {
  let backend: TestBackend;
  beforeEach(async () => {
    backend = await startBackend();
    await putTrainingData(backend);
  });
  afterEach(() => backend.dispose());

  const stop = (name: string): Promise<unknown> =>
    backend.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));

  const modelOf = async (name: string): Promise<boolean> => {
    const key = `output/${name}/output/model.tar.gz`;
    const head = backend.s3.send(new HeadObjectCommand({ Bucket: backend.bucket, Key: key }));
    return head.then(
      () => true,
      () => false,
    );
  };

  it('go through the states of SageMaker', async () => {
    await createJob(backend, 'states');
    const job = await endOf(backend, 'states');
    assert.deepEqual(
      job.SecondaryStatusTransitions?.map(({ Status, StatusMessage }) => `${Status} - ${StatusMessage}`),
      [
        'Starting - Preparing the instances for training',
        'Downloading - Downloading the training image',
        'Training - Training image download completed. Training in progress.',
        'Uploading - Uploading generated training model',
        'Completed - Training job completed',
      ],
    );
    const transitions = job.SecondaryStatusTransitions ?? [];
    const ends = transitions.map(({ EndTime }) => EndTime);
    const starts = transitions.map(({ StartTime }) => StartTime);
    assert.deepEqual(ends, [...starts.slice(1), job.TrainingEndTime]);
    assert.ok(job.CreationTime! <= job.TrainingStartTime! && job.TrainingStartTime! <= job.TrainingEndTime!);
    assert.equal(job.TrainingTimeInSeconds, job.BillableTimeInSeconds);
  });

  it('are described with what was given and what the service fills in', async () => {
    await createJob(backend, 'described', {
      HyperParameters: { num_round: '2', learning_rate: ' 0.5 ' },
      Tags: [{ Key: 'team', Value: 'research' }],
      Environment: { MODE: 'x' },
    });
    const job = await endOf(backend, 'described');
    assert.deepEqual(job.HyperParameters, { num_round: '2', learning_rate: ' 0.5 ' });
    assert.equal(job.TrainingJobArn, 'arn:aws:sagemaker:us-east-1:000000000000:training-job/described');
    assert.deepEqual(job.ModelArtifacts, {
      S3ModelArtifacts: `s3://${backend.bucket}/output/described/output/model.tar.gz`,
    });
    assert.deepEqual(job.ResourceConfig, {
      InstanceType: 'ml.m5.xlarge',
      InstanceCount: 1,
      VolumeSizeInGB: 5,
    });
    assert.equal(job.OutputDataConfig?.CompressionType, 'GZIP');
    assert.equal(job.InputDataConfig?.[0]?.CompressionType, 'None');
    assert.equal(job.AlgorithmSpecification?.TrainingImage, xgboostImage);
    assert.ok(job.AlgorithmSpecification?.MetricDefinitions?.some(({ Name }) => Name === 'validation:auc'));
    assert.deepEqual(job.Environment, { MODE: 'x' });
    assert.equal('Tags' in job, false);
  });

  it('log what the container logs, after a word on the engine', async () => {
    await createJob(backend, 'logged');
    await endOf(backend, 'logged');
    const lines = (await logOf(backend, 'logged')).map(untimed);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('[')),
      [
        'local trainer, XGBoost 1.7.4-compatible, exact',
        'the model is saved as JSON, which XGBoost 1.7 and later open; the image saves a binary format',
        'Imported framework sagemaker_xgboost_container.training',
        'No GPUs detected (normal if no gpus installed)',
        'Running XGBoost Sagemaker in algorithm mode',
        "Determined delimiter of CSV input is ','",
        'files path: /opt/ml/input/data/train',
        'Single node training.',
        'Train matrix has 60 rows and 2 columns',
        'Reporting training SUCCESS',
      ],
    );
    assert.match(
      lines.find((line) => line.startsWith('[2]'))!,
      /^\[2\]#011train-rmse:\d+\.\d{5}$/,
    );
  });

  it('say how the image that they name would have trained otherwise', async () => {
    await createJob(backend, 'newer', {
      AlgorithmSpecification: {
        TrainingImage: xgboostImage.replace('1.7-1', '3.0-5'),
        TrainingInputMode: 'File',
      },
      HyperParameters: { num_round: '2', early_stopping_rounds: '5' },
    });
    await endOf(backend, 'newer');
    assert.deepEqual((await logOf(backend, 'newer')).slice(0, 5).map(untimed), [
      'local trainer, XGBoost 1.7.4-compatible, hist',
      'the image sagemaker-xgboost:3.0-5 has XGBoost 3.0.5; its trees may differ',
      'base_score is 0.5 here; XGBoost 2.0 and later estimate it from the labels',
      'the model is saved as JSON, which XGBoost 1.7 and later open; the image saves UBJSON',
      'early_stopping_rounds has no effect without a validation channel, here as in the container: all rounds run',
    ]);
  });

  it('read all objects under a prefix as one channel', async () => {
    await putText(backend, 'parts/a.csv', someRows(10).trimEnd());
    await putText(backend, 'parts/b.csv', someRows(5));
    await createJob(backend, 'parts', {
      InputDataConfig: [aChannel('train', `s3://${backend.bucket}/parts/`)],
    });
    await endOf(backend, 'parts');
    assert.ok(
      (await logOf(backend, 'parts')).map(untimed).includes('Train matrix has 15 rows and 2 columns'),
    );
  });

  it('read other delimiters as the container does, and say on how many computers they train', async () => {
    await putText(backend, 'semicolons.csv', someRows(12).replaceAll(',', ';'));
    await createJob(backend, 'semicolons', {
      InputDataConfig: [aChannel('train', `s3://${backend.bucket}/semicolons.csv`)],
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 3, VolumeSizeInGB: 5 },
    });
    const job = await endOf(backend, 'semicolons');
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    const lines = (await logOf(backend, 'semicolons')).map(untimed);
    assert.ok(lines.includes("Determined delimiter of CSV input is ';'"));
    assert.ok(lines.includes('Train matrix has 12 rows and 2 columns'));
    assert.ok(lines.includes('trained on this computer alone, with all the data, not on 3 instances'));
  });

  it('train on the data as it was when they began', async () => {
    await createEndlessJob(backend, 'overwritten', { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    await putText(backend, 'data/long.csv', 'no,numbers\n');
    assert.equal((await endOf(backend, 'overwritten')).SecondaryStatus, 'MaxRuntimeExceeded');
    await createJob(backend, 'after', {
      InputDataConfig: [aChannel('train', `s3://${backend.bucket}/data/long.csv`)],
    });
    assert.match((await endOf(backend, 'after')).FailureReason!, /"no" is not a number/);
  });

  it('end within moments when they are stopped, without a model', async () => {
    await createEndlessJob(backend, 'stopped');
    await untilTraining(backend, 'stopped');
    const begin = Date.now();
    await stop('stopped');
    assert.match((await describeJob(backend, 'stopped')).TrainingJobStatus!, /^Stopp(ing|ed)$/);
    const job = await endOf(backend, 'stopped');
    assert.ok(Date.now() - begin < 2000, `took ${Date.now() - begin} ms`);
    assert.deepEqual([job.TrainingJobStatus, job.SecondaryStatus], ['Stopped', 'Stopped']);
    assert.deepEqual(
      job.SecondaryStatusTransitions?.slice(-2).map(({ Status }) => Status),
      ['Stopping', 'Stopped'],
    );
    assert.equal(await modelOf('stopped'), false);
    assert.equal(backend.backend.runner.workerCount, 0);
  });

  it('keep the model of the rounds so far when they are told to', async () => {
    await createEndlessJob(backend, 'kept', { HyperParameters: { save_model_on_termination: 'true' } });
    await untilTraining(backend, 'kept');
    await stop('kept');
    const job = await endOf(backend, 'kept');
    assert.equal(job.TrainingJobStatus, 'Stopped', job.FailureReason);
    assert.equal(await modelOf('kept'), true);
  });

  it('end when their time is up', async () => {
    await createEndlessJob(backend, 'timed', { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    const job = await endOf(backend, 'timed');
    assert.deepEqual([job.TrainingJobStatus, job.SecondaryStatus], ['Stopped', 'MaxRuntimeExceeded']);
    assert.equal(await modelOf('timed'), false);
  });

  it('wait while two others run, and end at once when they are stopped before their turn', async () => {
    for (const name of ['one', 'two', 'three', 'four']) {
      await createEndlessJob(backend, name);
    }
    await Promise.all([untilTraining(backend, 'one'), untilTraining(backend, 'two')]);
    assert.equal((await describeJob(backend, 'three')).SecondaryStatus, 'Starting');
    await stop('four');
    assert.equal((await describeJob(backend, 'four')).TrainingJobStatus, 'Stopped');
    await stop('one');
    await untilTraining(backend, 'three');
    for (const name of ['two', 'three']) await stop(name);
    await Promise.all(['one', 'two', 'three'].map((name) => endOf(backend, name)));
  });

  it('free their names when they are deleted, and keep their logs apart', async () => {
    await createJob(backend, 'again');
    await endOf(backend, 'again');
    await backend.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'again' }));
    await assert.rejects(describeJob(backend, 'again'), { message: 'Requested resource not found.' });
    const first = (await logOf(backend, 'again')).length;
    await createJob(backend, 'Again');
    await endOf(backend, 'Again');
    assert.equal((await logOf(backend, 'again')).length, first);
    assert.ok((await logOf(backend, 'Again')).length > 0);
  });

  it('are tagged at the beginning and later', async () => {
    await createJob(backend, 'tagged', { Tags: [{ Key: 'a', Value: '1' }] });
    const { TrainingJobArn: ResourceArn } = await describeJob(backend, 'tagged');
    const tags = async (): Promise<unknown> =>
      (await backend.sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags;
    await backend.sagemaker.send(
      new AddTagsCommand({
        ResourceArn,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    assert.deepEqual(await tags(), [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ]);
    await backend.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['a'] }));
    assert.deepEqual(await tags(), [{ Key: 'b', Value: '' }]);
    await endOf(backend, 'tagged');
  });

  it('are all there after a restart, with their logs and models', async () => {
    await createJob(backend, 'before');
    const [described, lines] = [await endOf(backend, 'before'), await logOf(backend, 'before')];
    backend = await backend.restart();
    const again = await describeJob(backend, 'before');
    assert.deepEqual({ ...again, $metadata: {} }, { ...described, $metadata: {} });
    assert.deepEqual(await logOf(backend, 'before'), lines);
    assert.equal(await modelOf('before'), true);
  });

  it('fail when the backend is closed while they run', async () => {
    await createEndlessJob(backend, 'closed');
    await untilTraining(backend, 'closed');
    backend = await backend.restart();
    const job = await describeJob(backend, 'closed');
    assert.equal(job.TrainingJobStatus, 'Failed');
    assert.match(job.FailureReason!, /^InternalServerError: the local backend was ended while the job ran\./);
    assert.ok((await logOf(backend, 'closed')).length > 0);
  });

  it('fail when the bucket of their output is gone', async () => {
    await backend.s3.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    await backend.s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
    await createJob(backend, 'nowhere', { OutputDataConfig: { S3OutputPath: 's3://short-lived/models/' } });
    const job = await endOf(backend, 'nowhere');
    assert.match(job.FailureReason!, /^ClientError: .*short-lived/);
  });

  describe('in a list', () => {
    const list = async (input: ListTrainingJobsCommandInput): Promise<string[]> => {
      const { TrainingJobSummaries = [] } = await backend.sagemaker.send(new ListTrainingJobsCommand(input));
      return TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName!);
    };

    /** Twelve jobs, `job-01` to `job-12`; every fourth failed, because its labels are text. */
    beforeEach(async () => {
      await putText(backend, 'bad.csv', 'medv,crim\n1,2\n');
      for (let i = 1; i <= 12; i++) {
        const channel = aChannel(
          'train',
          `s3://${backend.bucket}/${i % 4 === 0 ? 'bad.csv' : 'data/train.csv'}`,
        );
        await createJob(backend, `job-${String(i).padStart(2, '0')}`, {
          HyperParameters: { num_round: '1' },
          InputDataConfig: [channel],
        });
      }
      await backend.backend.runner.whenIdle();
    });

    it('come ten to a page unless asked otherwise', async () => {
      assert.equal((await list({})).length, 10);
      assert.equal((await list({ MaxResults: 100 })).length, 12);
    });

    it('come in pages that hold each job once', async () => {
      for (const SortOrder of ['Ascending', 'Descending'] as const) {
        for (const SortBy of ['Name', 'CreationTime', 'Status'] as const) {
          const names: string[] = [];
          let NextToken: string | undefined;
          do {
            const page: ListTrainingJobsCommandOutput = await backend.sagemaker.send(
              new ListTrainingJobsCommand({ SortBy, SortOrder, MaxResults: 5, NextToken }),
            );
            names.push(...page.TrainingJobSummaries!.map(({ TrainingJobName }) => TrainingJobName!));
            NextToken = page.NextToken;
          } while (NextToken !== undefined);
          assert.equal(new Set(names).size, 12, `${SortBy} ${SortOrder}`);
          if (SortBy !== 'Status') {
            const sorted = [...names].sort();
            assert.deepEqual(names, SortOrder === 'Ascending' ? sorted : sorted.reverse());
          }
        }
      }
    });

    it('are cut into pages before they are filtered by status', async () => {
      const input = { SortBy: 'Name', MaxResults: 3, StatusEquals: 'Failed' } as const;
      const first = await backend.sagemaker.send(new ListTrainingJobsCommand(input));
      assert.deepEqual(first.TrainingJobSummaries, []);
      assert.ok(first.NextToken);
      assert.deepEqual(await list({ ...input, NextToken: first.NextToken }), ['job-04']);
    });

    it('are filtered by name and by time', async () => {
      assert.deepEqual(await list({ NameContains: 'b-1', SortBy: 'Name' }), ['job-10', 'job-11', 'job-12']);
      const { CreationTime } = await describeJob(backend, 'job-06');
      const after = await list({ CreationTimeAfter: CreationTime, SortBy: 'Name' });
      assert.ok(after.includes('job-12') && !after.includes('job-06') && !after.includes('job-05'));
      assert.ok((await list({ CreationTimeBefore: CreationTime })).includes('job-01'));
      assert.deepEqual(await list({ LastModifiedTimeBefore: new Date(0) }), []);
    });
  });

  it('are counted and deleted by the operations of the extension, with all else', async () => {
    await createEndlessJob(backend, 'running');
    await untilTraining(backend, 'running');
    await backend.s3.send(new CreateBucketCommand({ Bucket: 'another-bucket' }));
    const usage = await callBackend(backend, 'SageMakerJobsLocal.Usage');
    assert.ok((usage.bytes as number) > 0);
    assert.deepEqual(
      { ...usage, bytes: 0 },
      { jobs: 1, runningJobs: 1, objects: 2, bytes: 0, workers: 1, uploads: 0 },
    );
    await callBackend(backend, 'SageMakerJobsLocal.Reset');
    assert.deepEqual(await callBackend(backend, 'SageMakerJobsLocal.Usage'), {
      ...{ jobs: 0, runningJobs: 0, objects: 0, bytes: 0, workers: 0, uploads: 0 },
    });
    assert.deepEqual(
      backend.backend.objects.listBuckets().map(({ name }) => name),
      [backend.bucket],
    );
  });

  it('have no operation of the extension that works without the keys', async () => {
    const stranger = { ...backend, secretAccessKey: 'guessed' };
    for (const operation of ['Hello', 'Usage', 'Reset', 'EndWhenIdle']) {
      await assert.rejects(
        callBackend(stranger, `SageMakerJobsLocal.${operation}`),
        /InvalidSignatureException/,
      );
    }
  });
});
