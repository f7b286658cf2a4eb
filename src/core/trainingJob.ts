/**
 * What the extension knows of a training job. The words of states are SageMaker's own:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
 */
export type TrainingJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped' | 'Deleting';

/** What ListTrainingJobs tells of a job: enough for a row. Times are milliseconds since the epoch. */
export interface TrainingJobSummary {
  readonly name: string;
  readonly arn: string;
  /** The service's word; one that we don't know is kept as it is. */
  readonly status: TrainingJobStatus | (string & {});
  readonly secondaryStatus?: string;
  readonly createdMs: number;
  readonly modifiedMs?: number;
  readonly endedMs?: number;
}

/** One step of a job's life, in order. */
export interface StatusTransition {
  readonly status: string;
  readonly startMs: number;
  readonly endMs?: number;
  readonly message?: string;
}

export interface TrainingChannel {
  readonly name: string;
  readonly s3Uri: string;
  readonly contentType?: string;
}

/** What DescribeTrainingJob tells of a job. */
export interface TrainingJob extends TrainingJobSummary {
  readonly failureReason?: string;
  readonly transitions: readonly StatusTransition[];
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly TrainingChannel[];
  readonly image?: string;
  readonly roleArn?: string;
  readonly instanceType?: string;
  readonly instanceCount?: number;
  readonly volumeSizeInGB?: number;
  readonly maxRuntimeInSeconds?: number;
  readonly outputS3Uri?: string;
  /** Where model.tar.gz lies, once the service says so. */
  readonly modelS3Uri?: string;
  readonly startedMs?: number;
  readonly trainingTimeInSeconds?: number;
  readonly billableTimeInSeconds?: number;
  /** The whole answer of the service, as JSON-safe data, for the read-only document. */
  readonly response: Readonly<Record<string, unknown>>;
}

const finalStatuses: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped']);

/** Tells whether a job in this status will change no more. */
export function isFinal(job: { readonly status: string }): boolean {
  return finalStatuses.has(job.status);
}
