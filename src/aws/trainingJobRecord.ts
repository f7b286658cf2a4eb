import type { DescribeTrainingJobResponse, TrainingJobSummary as ListedJob } from '@aws-sdk/client-sagemaker';
import type {
  StatusTransition,
  TrainingChannel,
  TrainingJob,
  TrainingJobSummary,
} from '../core/trainingJob.ts';

/** A job as ListTrainingJobs tells of it. */
export function toSummary(listed: ListedJob): TrainingJobSummary {
  return compact({
    name: listed.TrainingJobName ?? '',
    arn: listed.TrainingJobArn ?? '',
    status: listed.TrainingJobStatus ?? '',
    secondaryStatus: listed.SecondaryStatus,
    createdMs: listed.CreationTime?.getTime() ?? 0,
    modifiedMs: listed.LastModifiedTime?.getTime(),
    endedMs: listed.TrainingEndTime?.getTime(),
  });
}

/** A job as DescribeTrainingJob tells of it. Everything in it may be missing, whatever the model declares. */
export function toTrainingJob(response: DescribeTrainingJobResponse): TrainingJob {
  const { AlgorithmSpecification, OutputDataConfig, ResourceConfig, StoppingCondition } = response;
  return compact({
    ...toSummary(response as ListedJob),
    failureReason: response.FailureReason,
    transitions: (response.SecondaryStatusTransitions ?? []).map(toTransition),
    hyperparameters: response.HyperParameters ?? {},
    channels: (response.InputDataConfig ?? []).map(toChannel),
    image: AlgorithmSpecification?.TrainingImage,
    roleArn: response.RoleArn,
    instanceType: ResourceConfig?.InstanceType,
    instanceCount: ResourceConfig?.InstanceCount,
    volumeSizeInGB: ResourceConfig?.VolumeSizeInGB,
    maxRuntimeInSeconds: StoppingCondition?.MaxRuntimeInSeconds,
    outputS3Uri: OutputDataConfig?.S3OutputPath,
    modelS3Uri: response.ModelArtifacts?.S3ModelArtifacts,
    startedMs: response.TrainingStartTime?.getTime(),
    trainingTimeInSeconds: response.TrainingTimeInSeconds,
    billableTimeInSeconds: response.BillableTimeInSeconds,
    response: jsonSafe(response),
  });
}

type Transition = NonNullable<DescribeTrainingJobResponse['SecondaryStatusTransitions']>[number];

function toTransition(transition: Transition): StatusTransition {
  return compact({
    status: transition.Status ?? '',
    startMs: transition.StartTime?.getTime() ?? 0,
    endMs: transition.EndTime?.getTime(),
    message: transition.StatusMessage,
  });
}

type Channel = NonNullable<DescribeTrainingJobResponse['InputDataConfig']>[number];

function toChannel(channel: Channel): TrainingChannel {
  return compact({
    name: channel.ChannelName ?? '',
    s3Uri: channel.DataSource?.S3DataSource?.S3Uri ?? '',
    contentType: channel.ContentType,
  });
}

/** The answer without what the SDK added; times as ISO text. */
function jsonSafe(response: DescribeTrainingJobResponse): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...response, $metadata: undefined })) as Record<string, unknown>;
}

/** Optional members that may be given as `undefined`, to be left out. */
type Loose<T> = { [K in keyof T]: T[K] | (undefined extends T[K] ? undefined : never) };

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is `undefined`: a member is there with a value, or it is not there. */
function compact<T extends object>(members: Loose<T>): Compact<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Compact<T>;
}
