import {
  type OutputLogEvent,
  FilterLogEventsCommand,
  ResourceNotFoundException,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  type CreateTrainingJobCommandInput,
  type DescribeTrainingJobCommandOutput,
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { BackendEndpoint } from '../../src/backend/backendClient.ts';
import type { Clients } from './backend.ts';
import { eventually } from './eventually.ts';

type Place = BackendEndpoint & Clients;

export const xgboostImage = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';
export const trainingLogGroup = '/aws/sagemaker/TrainingJobs';

/** Rows that a model can learn something from, label first. */
export function someRows(count: number): string {
  return Array.from({ length: count }, (_, i) => `${(i * 7) % 11},${i % 13},${(i * i) % 17}\n`).join('');
}

/** A CreateTrainingJob input with everything that is needed; `changes` replace whole members. */
export function aTrainingJob(
  place: BackendEndpoint,
  name: string,
  changes: Partial<CreateTrainingJobCommandInput> = {},
): CreateTrainingJobCommandInput {
  return {
    TrainingJobName: name,
    RoleArn: place.roleArn,
    AlgorithmSpecification: { TrainingImage: xgboostImage, TrainingInputMode: 'File' },
    InputDataConfig: [aChannel('train', `s3://${place.bucket}/data/train.csv`)],
    OutputDataConfig: { S3OutputPath: `s3://${place.bucket}/output` },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    HyperParameters: { num_round: '3' },
    ...changes,
  };
}

export function aChannel(
  name: string,
  uri: string,
): NonNullable<CreateTrainingJobCommandInput['InputDataConfig']>[0] {
  return {
    ChannelName: name,
    ContentType: 'text/csv',
    DataSource: {
      S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' },
    },
  };
}

export async function putText(place: Place, key: string, text: string): Promise<void> {
  await place.s3.send(new PutObjectCommand({ Bucket: place.bucket, Key: key, Body: text }));
}

/** Stores the training data that `aTrainingJob` reads. */
export async function putTrainingData(place: Place, rows = 60): Promise<void> {
  await putText(place, 'data/train.csv', someRows(rows));
}

export async function createJob(
  place: Place,
  name: string,
  changes: Partial<CreateTrainingJobCommandInput> = {},
): Promise<void> {
  await place.sagemaker.send(new CreateTrainingJobCommand(aTrainingJob(place, name, changes)));
}

export async function describeJob(place: Place, name: string): Promise<DescribeTrainingJobCommandOutput> {
  return place.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
}

/** Waits until a job has ended. */
export async function endOf(place: Place, name: string): Promise<DescribeTrainingJobCommandOutput> {
  return eventually(async () => {
    const job = await describeJob(place, name);
    return ['Completed', 'Failed', 'Stopped'].includes(job.TrainingJobStatus ?? '') ? job : undefined;
  }, `the end of ${name}`);
}

/** Creates a job that still trains when a test acts on it, some milliseconds a round. */
export async function createEndlessJob(
  place: Place,
  name: string,
  changes: Partial<CreateTrainingJobCommandInput> = {},
): Promise<void> {
  await putText(place, 'data/long.csv', someRows(5000));
  await createJob(place, name, {
    ...changes,
    InputDataConfig: [aChannel('train', `s3://${place.bucket}/data/long.csv`)],
    HyperParameters: { num_round: '10000000', ...changes.HyperParameters },
  });
}

/** Waits until the first round of a job is in its log, of which it reads only the beginning. */
export async function untilTraining(place: Place, name: string): Promise<void> {
  await eventually(async () => {
    const events = await place.logs
      .send(
        new FilterLogEventsCommand({
          logGroupName: trainingLogGroup,
          logStreamNamePrefix: `${name}/`,
          limit: 50,
        }),
      )
      .catch((error: unknown) => {
        // The group comes with the first line of the first job.
        if (error instanceof ResourceNotFoundException) return { events: [] };
        throw error;
      });
    return events.events?.some(({ message }) => message?.startsWith('[0]')) || undefined;
  }, `the first round of ${name}`);
}

/** All lines of a job's log, in order. */
export async function logOf(place: Place, name: string): Promise<readonly string[]> {
  const { logStreams = [] } = await place.logs.send(
    new DescribeLogStreamsCommand({ logGroupName: trainingLogGroup, logStreamNamePrefix: `${name}/` }),
  );
  const events: OutputLogEvent[] = [];
  for (const { logStreamName } of logStreams) {
    let nextToken: string | undefined;
    for (;;) {
      const page = await place.logs.send(
        new GetLogEventsCommand({
          logGroupName: trainingLogGroup,
          logStreamName,
          startFromHead: true,
          nextToken,
        }),
      );
      events.push(...(page.events ?? []));
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
  }
  return events.map(({ message }) => message ?? '');
}
