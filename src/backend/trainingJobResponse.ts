import { formatS3Uri } from '../core/s3Uri.ts';
import { metricDefinitions, parseXgboostImage } from './container.ts';
import type { JobRecord } from './jobStore.ts';
import { artifactLocation, maxRuntimeSeconds, requestOf } from './trainingJobRequest.ts';
import type { JsonObject } from './wire.ts';

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingJobSummary.html */
export function summarizeTrainingJob(job: JobRecord): JsonObject {
  return {
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    CreationTime: seconds(job.createdMs),
    TrainingEndTime: seconds(job.endedMs),
    LastModifiedTime: seconds(job.modifiedMs),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
  };
}

/** Members that come back as they were given. */
const returnedMembers = [
  'HyperParameters',
  'RoleArn',
  'VpcConfig',
  'CheckpointConfig',
  'Environment',
  'RetryStrategy',
  'DebugHookConfig',
  'DebugRuleConfigurations',
  'ProfilerConfig',
  'ProfilerRuleConfigurations',
  'TensorBoardOutputConfig',
  'ExperimentConfig',
] as const;

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html */
export function describeTrainingJob(job: JobRecord): JsonObject {
  const request = requestOf(job);
  const given = job.request;
  const algorithm = request.AlgorithmSpecification;
  const isXgboost = parseXgboostImage(algorithm.TrainingImage ?? '') !== undefined;
  const trainingSeconds =
    job.startedMs === undefined || job.endedMs === undefined
      ? undefined
      : Math.max(1, Math.round((job.endedMs - job.startedMs) / 1000));
  return {
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    // Where the model will be; the service says so from the beginning, and even if there never is one.
    ModelArtifacts: { S3ModelArtifacts: formatS3Uri(artifactLocation(request, job.name)) },
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    FailureReason: job.failureReason,
    ...Object.fromEntries(returnedMembers.map((name) => [name, given[name]])),
    AlgorithmSpecification: {
      ...algorithm,
      MetricDefinitions: algorithm.MetricDefinitions ?? (isXgboost ? metricDefinitions() : undefined),
      EnableSageMakerMetricsTimeSeries: false,
    },
    InputDataConfig: request.InputDataConfig?.map((channel) => ({
      ...channel,
      CompressionType: channel.CompressionType ?? 'None',
      RecordWrapperType: channel.RecordWrapperType ?? 'None',
    })),
    OutputDataConfig: { KmsKeyId: '', CompressionType: 'GZIP', ...request.OutputDataConfig },
    ResourceConfig: request.ResourceConfig,
    StoppingCondition: { ...request.StoppingCondition, MaxRuntimeInSeconds: maxRuntimeSeconds(request) },
    CreationTime: seconds(job.createdMs),
    TrainingStartTime: seconds(job.startedMs),
    TrainingEndTime: seconds(job.endedMs),
    LastModifiedTime: seconds(job.modifiedMs),
    SecondaryStatusTransitions: job.transitions.map(({ status, startMs, endMs, message }) => ({
      Status: status,
      StartTime: seconds(startMs),
      EndTime: seconds(endMs),
      StatusMessage: message,
    })),
    FinalMetricDataList: job.finalMetrics?.map(({ name, value, timestampMs }) => ({
      MetricName: name,
      Value: jsonNumber(value),
      Timestamp: seconds(timestampMs),
    })),
    EnableNetworkIsolation: given.EnableNetworkIsolation ?? false,
    EnableInterContainerTrafficEncryption: given.EnableInterContainerTrafficEncryption ?? false,
    EnableManagedSpotTraining: given.EnableManagedSpotTraining ?? false,
    TrainingTimeInSeconds: trainingSeconds,
    BillableTimeInSeconds: trainingSeconds,
    ProfilingStatus: 'Disabled',
  };
}

/** Timestamps are seconds with a fraction on the wire. */
function seconds(timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : timeMs / 1000;
}

/** AWS JSON writes the numbers that JSON lacks as text: `NaN`, `Infinity`. */
function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
