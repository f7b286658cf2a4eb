import type { TrainingDraft } from './trainingDraft.ts';

/**
 * The members of CreateTrainingJob that a draft fills in, with the service's own names.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export interface TrainingRequest {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: { readonly TrainingImage: string; readonly TrainingInputMode: 'File' };
  readonly RoleArn: string;
  readonly InputDataConfig: readonly TrainingRequestChannel[];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
  readonly ResourceConfig: {
    readonly InstanceType: string;
    readonly InstanceCount: number;
    readonly VolumeSizeInGB: number;
  };
  readonly StoppingCondition: { readonly MaxRuntimeInSeconds: number };
  readonly HyperParameters: Readonly<Record<string, string>>;
}

export interface TrainingRequestChannel {
  readonly ChannelName: string;
  readonly ContentType: string;
  readonly CompressionType: 'None';
  readonly DataSource: {
    readonly S3DataSource: {
      readonly S3DataType: 'S3Prefix';
      readonly S3Uri: string;
      readonly S3DataDistributionType: 'FullyReplicated';
    };
  };
}

/** Where the prepared data of a job was uploaded: a prefix for each channel. */
export interface UploadedData {
  readonly trainS3Uri: string;
  /** Absent when no rows are held back for validation. */
  readonly validationS3Uri?: string;
}

/** The request that a draft stands for, with its data in place. Nothing is sent that the draft does not hold. */
export function toTrainingRequest(
  { jobName, algorithm, compute, output }: TrainingDraft,
  { trainS3Uri, validationS3Uri }: UploadedData,
  image: string,
): TrainingRequest {
  return {
    TrainingJobName: jobName,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
    RoleArn: output.roleArn,
    InputDataConfig: [
      csvChannel('train', trainS3Uri),
      ...(validationS3Uri === undefined ? [] : [csvChannel('validation', validationS3Uri)]),
    ],
    OutputDataConfig: { S3OutputPath: output.s3Uri },
    ResourceConfig: {
      InstanceType: compute.instanceType,
      InstanceCount: compute.instanceCount,
      VolumeSizeInGB: compute.volumeSizeInGB,
    },
    StoppingCondition: { MaxRuntimeInSeconds: compute.maxRuntimeInSeconds },
    HyperParameters: algorithm.hyperparameters,
  };
}

function csvChannel(name: string, s3Uri: string): TrainingRequestChannel {
  return {
    ChannelName: name,
    ContentType: 'text/csv',
    CompressionType: 'None',
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix',
        S3Uri: s3Uri,
        S3DataDistributionType: 'FullyReplicated',
      },
    },
  };
}
