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
