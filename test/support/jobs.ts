import { type MetricRound, parseMetricLine } from '../../src/core/metricLog.ts';
import type { StatusTransition, TrainingJob } from '../../src/core/trainingJob.ts';

/** When the jobs of `aJob` are created. */
export const createdMs = Date.UTC(2026, 10, 22, 14, 2, 31);

/** Steps that follow one another, each with its seconds; the last one without them is not over. */
export function transitions(
  ...steps: readonly (readonly [status: string, seconds?: number | undefined, message?: string])[]
): readonly StatusTransition[] {
  let startMs = createdMs;
  return steps.map(([status, seconds, message]) => {
    const endMs = seconds === undefined ? undefined : startMs + seconds * 1000;
    const step = { status, startMs, ...(endMs !== undefined && { endMs }), ...(message && { message }) };
    startMs = endMs ?? startMs;
    return step;
  });
}

/** A job as DescribeTrainingJob tells of one that has completed. */
export function aJob(members: Partial<TrainingJob> = {}): TrainingJob {
  const name = members.name ?? 'boston-housing-2026-11-22-14-02-31-120';
  const folder = `s3://sagemaker-us-east-1-111122223333/sagemaker-jobs/${name}`;
  return {
    name,
    arn: `arn:aws:sagemaker:us-east-1:111122223333:training-job/${name}`,
    status: 'Completed',
    secondaryStatus: 'Completed',
    createdMs,
    ...((members.status ?? 'Completed') === 'Completed' && {
      endedMs: createdMs + 7000,
      modelS3Uri: `${folder}/output/model.tar.gz`,
    }),
    transitions: transitions(
      ['Starting', 0.4],
      ['Downloading', 0.3],
      ['Training', 5.9],
      ['Uploading', 0.4],
      ['Completed', 0],
    ),
    hyperparameters: {
      objective: 'reg:squarederror',
      num_round: '200',
      max_depth: '5',
      eta: '0.30',
      eval_metric: 'rmse',
      early_stopping_rounds: '10',
    },
    channels: [
      { name: 'train', s3Uri: `${folder}/train/`, contentType: 'text/csv' },
      { name: 'validation', s3Uri: `${folder}/validation/`, contentType: 'text/csv' },
    ],
    image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    roleArn: 'arn:aws:iam::111122223333:role/SageMakerRole',
    instanceType: 'ml.m5.xlarge',
    instanceCount: 1,
    volumeSizeInGB: 5,
    maxRuntimeInSeconds: 86_400,
    outputS3Uri: 's3://sagemaker-us-east-1-111122223333/sagemaker-jobs',
    response: {},
    ...members,
  };
}

/** The evaluations that a log tells, a round per pair of values. */
export function rounds(...values: readonly (readonly [train: string, validation: string])[]): MetricRound[] {
  return values.flatMap(([train, validation], round) => {
    const line = `[${round}]\ttrain-rmse:${train}\tvalidation-rmse:${validation}`;
    return parseMetricLine(line) ?? [];
  });
}
