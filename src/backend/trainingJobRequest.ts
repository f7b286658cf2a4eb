import { type S3Location, parseS3Uri } from '../core/s3Uri.ts';
import type { JobRecord } from './jobStore.ts';

/**
 * The members of CreateTrainingJob that a local job depends on. A stored request has passed the shape constraints, so
 * what is here is what its types say.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export interface TrainingRequest {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: {
    readonly TrainingImage?: string;
    readonly AlgorithmName?: string;
    readonly TrainingInputMode: string;
    readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly RoleArn: string;
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly InputDataConfig?: readonly TrainingRequestChannel[];
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly CompressionType?: string };
  readonly ResourceConfig: {
    readonly InstanceType?: string;
    readonly InstanceCount?: number;
    readonly VolumeSizeInGB?: number;
    readonly InstanceGroups?: readonly unknown[];
  };
  readonly StoppingCondition: {
    readonly MaxRuntimeInSeconds?: number;
    readonly MaxWaitTimeInSeconds?: number;
  };
  readonly EnableManagedSpotTraining?: boolean;
  readonly CheckpointConfig?: unknown;
}

export interface TrainingRequestChannel {
  readonly ChannelName: string;
  readonly DataSource: {
    readonly S3DataSource?: {
      readonly S3DataType: string;
      readonly S3Uri: string;
      readonly S3DataDistributionType?: string;
    };
    readonly FileSystemDataSource?: unknown;
  };
  readonly ContentType?: string;
  readonly CompressionType?: string;
  readonly RecordWrapperType?: string;
  readonly InputMode?: string;
}

export function requestOf(job: JobRecord): TrainingRequest {
  return job.request as unknown as TrainingRequest;
}

/** A day, when the request doesn't say. */
export function maxRuntimeSeconds(request: TrainingRequest): number {
  return request.StoppingCondition.MaxRuntimeInSeconds ?? 86_400;
}

/** `<S3OutputPath without slashes at its end>/<job>/output/model.tar.gz`. */
export function artifactLocation(request: TrainingRequest, jobName: string): S3Location {
  const output = parseS3Uri(request.OutputDataConfig.S3OutputPath) ?? { bucket: '', key: '' };
  const folder = output.key.replace(/\/+$/, '');
  return { bucket: output.bucket, key: `${folder === '' ? '' : `${folder}/`}${jobName}/output/model.tar.gz` };
}
