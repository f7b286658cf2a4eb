import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  type CreateTrainingJobCommandInput,
  AddTagsCommand,
  CreateTrainingJobCommand,
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import assert from 'node:assert/strict';
import { callBackend } from '../../src/backend/backendClient.ts';
import { type TestBackend, startBackend } from '../support/backend.ts';
import {
  aChannel,
  aTrainingJob,
  createEndlessJob,
  createJob,
  endOf,
  logOf,
  putText,
  putTrainingData,
} from '../support/trainingJobs.ts';

// Every text in this file is written by hand, as the service words it: it must not be derived from the tables that the
// backend is built from.

describe('SageMaker refuses', () => {
  let backend: TestBackend;
  before(async () => {
    backend = await startBackend({ region: 'eu-west-1' });
    await putTrainingData(backend);
    await backend.s3.send(new CreateBucketCommand({ Bucket: 'another-bucket' }));
  });
  after(() => backend.dispose());

  const good = (): CreateTrainingJobCommandInput => aTrainingJob(backend, 'refused');

  /** Sends a request with some members replaced, and gives what it is refused with: `Name: text`. */
  async function refusal(changes: Record<string, unknown>): Promise<string> {
    const input = { ...good(), ...changes };
    try {
      await backend.sagemaker.send(new CreateTrainingJobCommand(input));
    } catch (error) {
      assert.ok(error instanceof Error);
      return `${error.name}: ${error.message}`;
    }
    throw new Error('The request was accepted.');
  }

  const one = (value: string, path: string, constraint: string): string =>
    `ValidationException: 1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;

  describe('by shape', () => {
    const namePattern = 'Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}';
    const longName = 'x'.repeat(64);
    const uriPattern = 'Member must satisfy regular expression pattern: (https|s3)://([^/]+)/?(.*)';

    const cases: readonly (readonly [
      what: string,
      changes: () => Record<string, unknown>,
      expected: () => string,
    ])[] = [
      [
        'an underscore in a name',
        () => ({ TrainingJobName: 'a_b' }),
        () => one("'a_b'", 'trainingJobName', namePattern),
      ],
      [
        'a dot in a name',
        () => ({ TrainingJobName: 'v1.2' }),
        () => one("'v1.2'", 'trainingJobName', namePattern),
      ],
      [
        'a space in a name',
        () => ({ TrainingJobName: 'my job' }),
        () => one("'my job'", 'trainingJobName', namePattern),
      ],
      [
        'a hyphen at the end',
        () => ({ TrainingJobName: 'job-' }),
        () => one("'job-'", 'trainingJobName', namePattern),
      ],
      [
        'a hyphen at the start',
        () => ({ TrainingJobName: '-job' }),
        () => one("'-job'", 'trainingJobName', namePattern),
      ],
      [
        'a name of 64 characters, twice',
        () => ({ TrainingJobName: longName }),
        () =>
          `ValidationException: 2 validation errors detected: Value '${longName}' at 'trainingJobName' failed to satisfy ` +
          `constraint: Member must have length less than or equal to 63; Value '${longName}' at 'trainingJobName' failed ` +
          `to satisfy constraint: ${namePattern}`,
      ],
      [
        'no name',
        () => ({ TrainingJobName: undefined }),
        () => one('null', 'trainingJobName', 'Member must not be null'),
      ],
      ['no role', () => ({ RoleArn: undefined }), () => one('null', 'roleArn', 'Member must not be null')],
      [
        'a role that is no ARN',
        () => ({ RoleArn: 'AmazonSageMaker-ExecutionRole' }),
        () =>
          one(
            "'AmazonSageMaker-ExecutionRole'",
            'roleArn',
            'Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
          ),
      ],
      [
        'no algorithm',
        () => ({ AlgorithmSpecification: undefined }),
        () => one('null', 'algorithmSpecification', 'Member must not be null'),
      ],
      [
        'no input mode',
        () => ({ AlgorithmSpecification: { TrainingImage: 'xgboost:1' } }),
        () => one('null', 'algorithmSpecification.trainingInputMode', 'Member must not be null'),
      ],
      [
        'an unknown input mode',
        () => ({ AlgorithmSpecification: { TrainingImage: 'xgboost:1', TrainingInputMode: 'Stream' } }),
        () =>
          one(
            "'Stream'",
            'algorithmSpecification.trainingInputMode',
            'Member must satisfy enum value set: [Pipe, File, FastFile]',
          ),
      ],
      [
        'an image of 256 characters',
        () => ({ AlgorithmSpecification: { TrainingImage: 'x'.repeat(256), TrainingInputMode: 'File' } }),
        () =>
          one(
            `'${'x'.repeat(256)}'`,
            'algorithmSpecification.trainingImage',
            'Member must have length less than or equal to 255',
          ),
      ],
      [
        'no output',
        () => ({ OutputDataConfig: undefined }),
        () => one('null', 'outputDataConfig', 'Member must not be null'),
      ],
      [
        'an output without a path',
        () => ({ OutputDataConfig: {} }),
        () => one('null', 'outputDataConfig.s3OutputPath', 'Member must not be null'),
      ],
      [
        'an output that is no S3 URL',
        () => ({ OutputDataConfig: { S3OutputPath: '/tmp/models' } }),
        () => one("'/tmp/models'", 'outputDataConfig.s3OutputPath', uriPattern),
      ],
      [
        'an unknown compression of the output',
        () => ({ OutputDataConfig: { S3OutputPath: 's3://another-bucket/', CompressionType: 'ZIP' } }),
        () =>
          one(
            "'ZIP'",
            'outputDataConfig.compressionType',
            'Member must satisfy enum value set: [GZIP, NONE]',
          ),
      ],
      [
        'no resources',
        () => ({ ResourceConfig: undefined }),
        () => one('null', 'resourceConfig', 'Member must not be null'),
      ],
      [
        'a negative number of instances',
        () => ({ ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: -1, VolumeSizeInGB: 5 } }),
        () =>
          one("'-1'", 'resourceConfig.instanceCount', 'Member must have value greater than or equal to 0'),
      ],
      [
        'no instance',
        () => ({ ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 0, VolumeSizeInGB: 5 } }),
        () => one("'0'", 'resourceConfig.instanceCount', 'Member must have value greater than or equal to 1'),
      ],
      [
        'no volume',
        () => ({ ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 0 } }),
        () =>
          one("'0'", 'resourceConfig.volumeSizeInGB', 'Member must have value greater than or equal to 1'),
      ],
      [
        'a volume that is kept alive for too long',
        () => ({
          ResourceConfig: {
            ...{ InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
            KeepAlivePeriodInSeconds: 21601,
          },
        }),
        () =>
          one(
            "'21601'",
            'resourceConfig.keepAlivePeriodInSeconds',
            'Member must have value less than or equal to 21600',
          ),
      ],
      [
        'no stopping condition',
        () => ({ StoppingCondition: undefined }),
        () => one('null', 'stoppingCondition', 'Member must not be null'),
      ],
      [
        'no time at all',
        () => ({ StoppingCondition: { MaxRuntimeInSeconds: 0 } }),
        () =>
          one(
            "'0'",
            'stoppingCondition.maxRuntimeInSeconds',
            'Member must have value greater than or equal to 1',
          ),
      ],
      [
        'too little time to wait for capacity',
        () => ({ StoppingCondition: { MaxRuntimeInSeconds: 60, MaxPendingTimeInSeconds: 7199 } }),
        () =>
          one(
            "'7199'",
            'stoppingCondition.maxPendingTimeInSeconds',
            'Member must have value greater than or equal to 7200',
          ),
      ],
      [
        'no channel',
        () => ({ InputDataConfig: [] }),
        () => one("'[]'", 'inputDataConfig', 'Member must have length greater than or equal to 1'),
      ],
      [
        'a channel name with a slash',
        () => ({ InputDataConfig: [aChannel('a/b', 's3://another-bucket/')] }),
        () =>
          one(
            "'a/b'",
            'inputDataConfig.1.member.channelName',
            'Member must satisfy regular expression pattern: [A-Za-z0-9\\.\\-_]+',
          ),
      ],
      [
        'a channel name of 65 characters',
        () => ({ InputDataConfig: [aChannel('x'.repeat(65), 's3://another-bucket/')] }),
        () =>
          one(
            `'${'x'.repeat(65)}'`,
            'inputDataConfig.1.member.channelName',
            'Member must have length less than or equal to 64',
          ),
      ],
      [
        'a channel without data',
        () => ({ InputDataConfig: [{ ChannelName: 'train' }] }),
        () => one('null', 'inputDataConfig.1.member.dataSource', 'Member must not be null'),
      ],
      [
        'an unknown type of data',
        () => ({
          InputDataConfig: [
            aChannel('train', `s3://${backend.bucket}/data/`),
            {
              ChannelName: 'validation',
              DataSource: { S3DataSource: { S3DataType: 'S3Folder', S3Uri: 's3://another-bucket/' } },
            },
          ],
        }),
        () =>
          one(
            "'S3Folder'",
            'inputDataConfig.2.member.dataSource.s3DataSource.s3DataType',
            'Member must satisfy enum value set: [ManifestFile, S3Prefix, AugmentedManifestFile, Converse]',
          ),
      ],
      [
        'data that is not in S3',
        () => ({ InputDataConfig: [aChannel('train', 'file:///data/train.csv')] }),
        () =>
          one(
            "'file:///data/train.csv'",
            'inputDataConfig.1.member.dataSource.s3DataSource.s3Uri',
            uriPattern,
          ),
      ],
      [
        'an unknown distribution',
        () => ({
          InputDataConfig: [
            {
              ChannelName: 'train',
              DataSource: {
                S3DataSource: {
                  ...{ S3DataType: 'S3Prefix', S3Uri: 's3://another-bucket/' },
                  S3DataDistributionType: 'Everywhere',
                },
              },
            },
          ],
        }),
        () =>
          one(
            "'Everywhere'",
            'inputDataConfig.1.member.dataSource.s3DataSource.s3DataDistributionType',
            'Member must satisfy enum value set: [FullyReplicated, ShardedByS3Key]',
          ),
      ],
      [
        'an unknown compression of the data',
        () => ({
          InputDataConfig: [{ ...aChannel('train', 's3://another-bucket/'), CompressionType: 'Zip' }],
        }),
        () =>
          one(
            "'Zip'",
            'inputDataConfig.1.member.compressionType',
            'Member must satisfy enum value set: [None, Gzip]',
          ),
      ],
      [
        'a hyperparameter of 2,501 characters',
        () => ({ HyperParameters: { num_round: '1'.repeat(2501) } }),
        () =>
          one(
            `'{"num_round":"${'1'.repeat(2501)}"}'`,
            'hyperParameters',
            'Map value must satisfy constraint: [Member must have length less than or equal to 2500, Member must have ' +
              'length greater than or equal to 0, Member must satisfy regular expression pattern: .*]',
          ),
      ],
      [
        'a tag without a key',
        () => ({ Tags: [{ Key: '', Value: 'x' }] }),
        () => one("''", 'tags.1.member.key', 'Member must have length greater than or equal to 1'),
      ],
      [
        'a tag without a value',
        () => ({ Tags: [{ Key: 'team' }] }),
        () => one('null', 'tags.1.member.value', 'Member must not be null'),
      ],
      [
        'a tag with forbidden characters',
        () => ({ Tags: [{ Key: 'a;b', Value: 'x' }] }),
        () =>
          one(
            "'a;b'",
            'tags.1.member.key',
            'Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)',
          ),
      ],
      [
        'an environment variable that begins with a digit',
        () => ({ Environment: { '1A': 'x' } }),
        () =>
          one(
            `'{"1A":"x"}'`,
            'environment',
            'Map keys must satisfy constraint: [Member must have length less than or equal to 512, Member must have ' +
              'length greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]',
          ),
      ],
      [
        'an instance type for nothing but notebooks',
        () => ({ ResourceConfig: { InstanceType: 'ml.t2.medium', InstanceCount: 1, VolumeSizeInGB: 5 } }),
        // The whole list has 145 types; its beginning is enough to know it by.
        () =>
          one(
            "'ml.t2.medium'",
            'resourceConfig.instanceType',
            'Member must satisfy enum value set: [ml.m4.xlarge',
          ),
      ],
      [
        'several things at once, in the order of the members',
        () => ({ TrainingJobName: 'a_b', RoleArn: undefined, OutputDataConfig: undefined }),
        () =>
          "ValidationException: 3 validation errors detected: Value 'a_b' at 'trainingJobName' failed to satisfy " +
          `constraint: ${namePattern}; Value null at 'roleArn' failed to satisfy constraint: Member must not be null; ` +
          "Value null at 'outputDataConfig' failed to satisfy constraint: Member must not be null",
      ],
    ];
    for (const [what, changes, expected] of cases) {
      it(what, async () => {
        const text = expected();
        assert.equal((await refusal(changes())).slice(0, text.length + 1).replace(/,$/, ''), text);
      });
    }

    it('hundred and one hyperparameters', async () => {
      const HyperParameters = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`h${i}`, '1']));
      assert.match(
        await refusal({ HyperParameters }),
        /at 'hyperParameters' failed to satisfy constraint: Member must have length less than or equal to 100$/,
      );
    });

    it('twenty-one channels', async () => {
      const InputDataConfig = Array.from({ length: 21 }, (_, i) => aChannel(`c${i}`, 's3://another-bucket/'));
      assert.match(
        await refusal({ InputDataConfig }),
        /at 'inputDataConfig' failed to satisfy constraint: Member must have length less than or equal to 20$/,
      );
    });

    it('fifty-one tags', async () => {
      const Tags = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
      assert.match(
        await refusal({ Tags }),
        /at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50$/,
      );
    });

    it('JSON of another type', async () => {
      const create = (changes: Record<string, unknown>): Promise<unknown> =>
        callBackend(backend, 'SageMaker.CreateTrainingJob', { ...good(), ...changes });
      await assert.rejects(
        create({ TrainingJobName: 7 }),
        /SerializationException.*NUMBER_VALUE can not be converted to a String/,
      );
      await assert.rejects(
        create({ HyperParameters: { num_round: 100 } }),
        /SerializationException.*NUMBER_VALUE can not be converted to a String/,
      );
      await assert.rejects(
        create({ StoppingCondition: { MaxRuntimeInSeconds: '60' } }),
        /SerializationException.*STRING_VALUE can not be converted to an Integer/,
      );
    });
  });

  describe('by its rules', () => {
    it('a role that is not there', async () => {
      assert.equal(
        await refusal({ RoleArn: 'arn:aws:iam::000000000000:role/Missing' }),
        'ValidationException: The execution role ARN "arn:aws:iam::000000000000:role/Missing" is invalid. Please ensure ' +
          'that the role exists and that its trust relationship policy allows the action "sts:AssumeRole" for the ' +
          'service principal "sagemaker.amazonaws.com".',
      );
    });

    it('a prefix without objects', async () => {
      assert.equal(
        await refusal({ InputDataConfig: [aChannel('train', 's3://another-bucket/no/such/')] }),
        'ValidationException: No S3 objects found under S3 URL "s3://another-bucket/no/such/" given in input data ' +
          'source. Please ensure that the bucket exists in the selected region (eu-west-1), that objects exist under ' +
          'that S3 prefix, and that the role ' +
          '"arn:aws:iam::000000000000:role/service-role/AmazonSageMaker-ExecutionRole-Local" has "s3:ListBucket" ' +
          'permissions on bucket "another-bucket".',
      );
    });

    it('a bucket that is not there', async () => {
      assert.match(
        await refusal({ InputDataConfig: [aChannel('train', 's3://no-such-bucket/train.csv')] }),
        /^ValidationException: No S3 objects found under S3 URL "s3:\/\/no-such-bucket\/train\.csv" given/,
      );
    });

    it('a name that is taken, in whatever case', async () => {
      await createJob(backend, 'taken');
      await endOf(backend, 'taken');
      for (const TrainingJobName of ['taken', 'TAKEN']) {
        assert.equal(
          await refusal({ TrainingJobName }),
          'ResourceInUse: Training job names must be unique within an AWS account and region, and a training job with ' +
            'this name already exists (arn:aws:sagemaker:eu-west-1:000000000000:training-job/taken)',
        );
      }
    });

    it('spot training with less time to wait than to run', async () => {
      const text =
        'ValidationException: Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to ' +
        'MaxRuntimeInSeconds';
      const spot = { EnableManagedSpotTraining: true };
      assert.equal(await refusal({ ...spot, StoppingCondition: { MaxRuntimeInSeconds: 60 } }), text);
      assert.equal(
        await refusal({ ...spot, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 59 } }),
        text,
      );
    });

    it('time to wait without spot training', async () => {
      assert.match(
        await refusal({ StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 } }),
        /^ValidationException: Invalid MaxWaitTimeInSeconds/,
      );
    });

    it('more than 28 days', async () => {
      assert.match(
        await refusal({ StoppingCondition: { MaxRuntimeInSeconds: 2_419_201 } }),
        /^ValidationException: Invalid MaxRuntimeInSeconds\. It must be less than or equal to 2419200\.$/,
      );
    });

    it('both an image and an algorithm, and neither', async () => {
      const text =
        'ValidationException: You must specify exactly one of TrainingImage and AlgorithmName in AlgorithmSpecification.';
      const both = { TrainingImage: 'xgboost:1', AlgorithmName: 'mine', TrainingInputMode: 'File' };
      assert.equal(await refusal({ AlgorithmSpecification: both }), text);
      assert.equal(await refusal({ AlgorithmSpecification: { TrainingInputMode: 'File' } }), text);
    });

    it('two channels of one name', async () => {
      const channel = aChannel('train', `s3://${backend.bucket}/data/`);
      assert.equal(
        await refusal({ InputDataConfig: [channel, channel] }),
        'ValidationException: Input channel names must be unique: train',
      );
    });

    it('tags of AWS, and a tag given twice', async () => {
      assert.equal(
        await refusal({ Tags: [{ Key: 'aws:owner', Value: 'x' }] }),
        'ValidationException: aws: prefixed tag key names are not allowed for external use.',
      );
      const tag = { Key: 'team', Value: 'x' };
      assert.equal(await refusal({ Tags: [tag, tag] }), 'ValidationException: Duplicate tag key: team');
    });

    it('a job that is not there', async () => {
      const input = { TrainingJobName: 'no-such-job' };
      const notFound = { name: 'ValidationException', message: 'Requested resource not found.' };
      await assert.rejects(backend.sagemaker.send(new DescribeTrainingJobCommand(input)), notFound);
      await assert.rejects(backend.sagemaker.send(new StopTrainingJobCommand(input)), notFound);
      await assert.rejects(backend.sagemaker.send(new DeleteTrainingJobCommand(input)), {
        ...notFound,
        name: 'ResourceNotFound',
      });
      const ResourceArn = 'arn:aws:sagemaker:eu-west-1:000000000000:training-job/no-such-job';
      await assert.rejects(backend.sagemaker.send(new ListTagsCommand({ ResourceArn })), notFound);
      await assert.rejects(backend.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [] })), notFound);
    });

    it('to stop a job that has ended', async () => {
      await createJob(backend, 'over');
      await endOf(backend, 'over');
      await assert.rejects(backend.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'over' })), {
        name: 'ValidationException',
        message: 'The request was rejected because the training job is in status Completed.',
      });
    });

    it('to delete a job that runs', async () => {
      await createEndlessJob(backend, 'busy');
      await assert.rejects(
        backend.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'busy' })),
        {
          name: 'ResourceInUse',
          message: 'The request was rejected because the training job is in status InProgress.',
        },
      );
      await backend.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'busy' }));
      await endOf(backend, 'busy');
    });

    it('lists that are asked for wrongly', async () => {
      const list = (input: Record<string, unknown>): Promise<unknown> =>
        backend.sagemaker.send(new ListTrainingJobsCommand(input));
      await assert.rejects(list({ MaxResults: 101 }), {
        message:
          "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: " +
          'Member must have value less than or equal to 100',
      });
      await assert.rejects(list({ SortBy: 'Age' }), {
        message:
          "1 validation error detected: Value 'Age' at 'sortBy' failed to satisfy constraint: " +
          'Member must satisfy enum value set: [Name, CreationTime, Status]',
      });
      await assert.rejects(list({ StatusEquals: 'Done' }), {
        message:
          "1 validation error detected: Value 'Done' at 'statusEquals' failed to satisfy constraint: " +
          'Member must satisfy enum value set: [InProgress, Completed, Failed, Stopping, Stopped, Deleting]',
      });
      await assert.rejects(list({ NameContains: 'a_b' }), {
        message:
          "1 validation error detected: Value 'a_b' at 'nameContains' failed to satisfy constraint: " +
          'Member must satisfy regular expression pattern: [a-zA-Z0-9\\-]+',
      });
      await assert.rejects(list({ NextToken: 'not a token!' }), { name: 'ValidationException' });
    });
  });
});

describe('a training job fails', () => {
  let backend: TestBackend;
  before(async () => {
    backend = await startBackend();
    await putTrainingData(backend);
  });
  after(() => backend.dispose());

  let count = 0;
  async function failure(changes: Partial<CreateTrainingJobCommandInput>): Promise<string> {
    const name = `failing-${++count}`;
    await createJob(backend, name, changes);
    const job = await endOf(backend, name);
    assert.deepEqual([job.TrainingJobStatus, job.SecondaryStatus], ['Failed', 'Failed']);
    return job.FailureReason!;
  }

  const framework = (text: string): string =>
    'AlgorithmError: framework error: \nTraceback (most recent call last):\n' +
    `sagemaker_algorithm_toolkit.exceptions.${text}`;

  const parameters: readonly (readonly [what: string, parameters: Record<string, string>, text: string])[] = [
    ['without num_round', { eta: '0.2' }, 'UserError: Missing required hyperparameter: num_round'],
    [
      'with an unknown hyperparameter',
      { num_round: '1', n_estimators: '5' },
      'UserError: Extraneous hyperparameter found: n_estimators',
    ],
    [
      'with a num_round that is no integer',
      { num_round: '10.0' },
      'UserError: Hyperparameter num_round: could not parse value (caused by ValueError)',
    ],
    [
      'with a value out of its range',
      { num_round: '1', eta: '1.1' },
      'UserError: Hyperparameter eta: 1.1 is not in [0, 1]',
    ],
    [
      'for several classes without their number',
      { num_round: '1', objective: 'multi:softmax' },
      "UserError: Require input for parameter 'num_class' for multi-classification",
    ],
  ];
  for (const [what, HyperParameters, text] of parameters) {
    it(`${what}, in the words of the container`, async () => {
      assert.equal(await failure({ HyperParameters }), framework(text));
    });
  }

  it('without a train channel', async () => {
    const InputDataConfig = [aChannel('training', `s3://${backend.bucket}/data/`)];
    assert.equal(await failure({ InputDataConfig }), framework('UserError: Missing required channel: train'));
  });

  it('with a channel that the container does not know', async () => {
    const InputDataConfig = ['train', 'test'].map((name) => aChannel(name, `s3://${backend.bucket}/data/`));
    assert.equal(await failure({ InputDataConfig }), framework('UserError: Extraneous channel found: test'));
  });

  it('with a content type that the container does not take for training', async () => {
    const channel = {
      ...aChannel('train', `s3://${backend.bucket}/data/`),
      ContentType: 'text/csv; label_size=1',
    };
    assert.match(
      await failure({ InputDataConfig: [channel] }),
      /UserError: Channel configuration for 'train' channel is not supported: \{.*'text\/csv; label_size=1'.*\}$/,
    );
  });

  it('with a header, and says so in its log too', async () => {
    await putText(backend, 'header.csv', 'medv,crim\n24.0,0.006\n');
    const InputDataConfig = [aChannel('train', `s3://${backend.bucket}/header.csv`)];
    const text =
      'UserError: Failed to load csv data with exception:\n' +
      'training data, line 1, column 1: "medv" is not a number';
    assert.equal(await failure({ InputDataConfig }), framework(text));
    assert.deepEqual((await logOf(backend, `failing-${count}`)).slice(-5), [
      'Reporting training FAILURE',
      'framework error: ',
      'Traceback (most recent call last):',
      'sagemaker_algorithm_toolkit.exceptions.UserError: Failed to load csv data with exception:',
      'training data, line 1, column 1: "medv" is not a number',
    ]);
  });

  it('without data in the file', async () => {
    await putText(backend, 'empty.csv', '');
    assert.equal(
      await failure({ InputDataConfig: [aChannel('train', `s3://${backend.bucket}/empty.csv`)] }),
      framework('UserError: No data in training channel path /opt/ml/input/data/train'),
    );
  });

  it('without data in the validation file', async () => {
    await putText(backend, 'nothing.csv', '');
    const InputDataConfig = [
      aChannel('train', `s3://${backend.bucket}/data/`),
      aChannel('validation', `s3://${backend.bucket}/nothing.csv`),
    ];
    const text = 'UserError: No data in validation channel path /opt/ml/input/data/validation';
    assert.equal(await failure({ InputDataConfig }), framework(text));
  });

  it('with labels that a logistic objective does not take', async () => {
    assert.match(
      await failure({ HyperParameters: { num_round: '1', objective: 'binary:logistic' } }),
      /exceptions\.UserError: label must be in \[0,1\] for logistic regression$/,
    );
  });

  const unsupported: readonly (readonly [
    what: string,
    changes: () => Partial<CreateTrainingJobCommandInput>,
    text: string,
  ])[] = [
    [
      'another algorithm',
      () => ({
        AlgorithmSpecification: {
          TrainingImage: '382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1',
          TrainingInputMode: 'File',
        },
      }),
      'the image 382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1; it trains XGBoost',
    ],
    [
      'an algorithm by name',
      () => ({ AlgorithmSpecification: { AlgorithmName: 'mine', TrainingInputMode: 'File' } }),
      'algorithms by name (mine); it trains XGBoost',
    ],
    [
      'another booster',
      () => ({ HyperParameters: { num_round: '1', booster: 'dart' } }),
      'booster dart, only gbtree',
    ],
    [
      'an objective of survival',
      () => ({ HyperParameters: { num_round: '1', objective: 'survival:cox' } }),
      'the objective survival:cox',
    ],
    [
      'data of another format',
      () => ({
        InputDataConfig: [
          { ...aChannel('train', `s3://${backend.bucket}/data/`), ContentType: 'text/libsvm' },
        ],
      }),
      'libsvm data; use the content type text/csv',
    ],
    [
      'compressed data',
      () => ({
        InputDataConfig: [{ ...aChannel('train', `s3://${backend.bucket}/data/`), CompressionType: 'Gzip' }],
      }),
      'the compression type Gzip',
    ],
    [
      'a stream of data',
      () => ({
        InputDataConfig: [{ ...aChannel('train', `s3://${backend.bucket}/data/`), InputMode: 'Pipe' }],
      }),
      'the input mode Pipe',
    ],
  ];
  for (const [what, changes, text] of unsupported) {
    it(`with ${what}, which the local trainer can't do`, async () => {
      assert.equal(await failure(changes()), `ClientError: the local trainer does not support ${text}`);
    });
  }
});
