/**
 * SageMaker's operations on training jobs and their tags.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Service.html
 */
import { type Clock, systemClock } from '../core/clock.ts';
import { checkConstraints, describeViolations } from '../core/constraints.ts';
import { constraintTable } from '../core/constraints.generated.ts';
import { parseS3Uri } from '../core/s3Uri.ts';
import { isFinal } from '../core/trainingJob.ts';
import type { JobRunner } from './jobRunner.ts';
import { type JobRecord, type JobStore, type Tag, advanced } from './jobStore.ts';
import type { ObjectStore } from './objectStore.ts';
import { describeTrainingJob, summarizeTrainingJob } from './trainingJobResponse.ts';
import type { TrainingRequest } from './trainingJobRequest.ts';
import { checkRules, checkTags, invalid } from './trainingRules.ts';
import { type JsonObject, type Operation, ServiceError } from './wire.ts';

export interface TrainingApiOptions {
  readonly jobs: JobStore;
  readonly runner: JobRunner;
  readonly objects: ObjectStore;
  readonly region: string;
  readonly accountId: string;
  /** The one role there is. */
  readonly roleArn: string;
  readonly clock?: Clock;
}

const maxTags = 50;

/** The operations, by name. */
export function createTrainingApi(options: TrainingApiOptions): Readonly<Record<string, Operation>> {
  const { jobs, runner, objects, region, accountId, roleArn } = options;
  const clock = options.clock ?? systemClock;
  const arnPrefix = `arn:aws:sagemaker:${region}:${accountId}:training-job/`;

  async function createTrainingJob(input: JsonObject): Promise<JsonObject> {
    const { Tags: givenTags, ...members } = input;
    const request = members as unknown as TrainingRequest;
    const tags = (givenTags ?? []) as readonly Tag[];
    checkTags(tags);
    checkRules(request);
    checkRole(request.RoleArn);
    const name = request.TrainingJobName;
    checkNameIsFree(name);
    await checkData(request);
    // Reading the index of objects may have taken a moment.
    checkNameIsFree(name);

    const now = clock.now();
    const created: JobRecord = {
      name,
      arn: `${arnPrefix}${name.toLowerCase()}`,
      request: members,
      tags,
      status: 'InProgress',
      secondaryStatus: 'Starting',
      transitions: [],
      createdMs: now,
      modifiedMs: now,
    };
    jobs.put(advanced(created, 'InProgress', 'Starting', 'Starting the training job', now));
    runner.submit(name);
    return { TrainingJobArn: created.arn };
  }

  function checkNameIsFree(name: string): void {
    const taken = jobs.get(name);
    if (taken) {
      throw new ServiceError(
        'ResourceInUse',
        'Training job names must be unique within an AWS account and region, and a training job with this name ' +
          `already exists (${taken.arn})`,
      );
    }
  }

  function checkRole(givenArn: string): void {
    if (givenArn === roleArn) return;
    throw invalid(
      `The execution role ARN "${givenArn}" is invalid. Please ensure that the role exists and that its trust ` +
        'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".',
    );
  }

  async function checkData(request: TrainingRequest): Promise<void> {
    for (const { DataSource: source } of request.InputDataConfig ?? []) {
      if (!source.S3DataSource) continue;
      const { S3Uri: uri } = source.S3DataSource;
      const location = parseS3Uri(uri);
      const found = location ? await objects.listObjects(location.bucket, location.key) : [];
      if (found.length > 0) continue;
      throw invalid(
        `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists ` +
          `in the selected region (${region}), that objects exist under that S3 prefix, and that the role ` +
          `"${request.RoleArn}" has "s3:ListBucket" permissions on bucket "${location?.bucket ?? ''}".`,
      );
    }
  }

  function listTrainingJobs(input: JsonObject): JsonObject {
    const maxResults = (input.MaxResults as number | undefined) ?? 10;
    const descending = input.SortOrder === 'Descending';
    const nameContains = (input.NameContains as string | undefined) ?? '';
    const keyOf = sortKey(input.SortBy as string | undefined);
    const after = parseToken(input.NextToken as string | undefined);
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0) * (descending ? -1 : 1);

    const found = jobs
      .all()
      .filter(
        (job) =>
          job.name.includes(nameContains) &&
          isWithin(job.createdMs, input.CreationTimeAfter, input.CreationTimeBefore) &&
          isWithin(job.modifiedMs, input.LastModifiedTimeAfter, input.LastModifiedTimeBefore) &&
          // No job here has a warm pool or a training plan.
          (input.WarmPoolStatusEquals ?? input.TrainingPlanArnEquals ?? undefined) === undefined,
      )
      .map((job) => ({ job, key: keyOf(job) }))
      .filter(({ key }) => after === undefined || compare(key, after) > 0)
      .sort((a, b) => compare(a.key, b.key));
    const page = found.slice(0, maxResults);
    const last = found.length > maxResults ? page.at(-1)?.key : undefined;
    return {
      // After the page was cut, as the service does: a page can be empty with more to come.
      TrainingJobSummaries: page
        .filter(({ job }) => (input.StatusEquals ?? job.status) === job.status)
        .map(({ job }) => summarizeTrainingJob(job)),
      ...(last === undefined ? {} : { NextToken: Buffer.from(last).toString('base64url') }),
    };
  }

  function stopTrainingJob(input: JsonObject): JsonObject {
    const job = find(input);
    if (isFinal(job)) {
      throw invalid(`The request was rejected because the training job is in status ${job.status}.`);
    }
    runner.stop(job.name);
    return {};
  }

  function deleteTrainingJob(input: JsonObject): JsonObject {
    const job = jobs.get(input.TrainingJobName as string);
    if (!job) throw new ServiceError('ResourceNotFound', notFoundMessage);
    if (!isFinal(job)) {
      throw new ServiceError(
        'ResourceInUse',
        `The request was rejected because the training job is in status ${job.status}.`,
      );
    }
    jobs.delete(job.name);
    return {};
  }

  function addTags(input: JsonObject): JsonObject {
    const job = findByArn(input);
    const added = input.Tags as readonly Tag[];
    checkTags(added);
    const keys = new Set(added.map(({ Key }) => Key));
    const tags = [...job.tags.filter(({ Key }) => !keys.has(Key)), ...added];
    if (tags.length > maxTags) throw invalid(`A resource can have at most ${maxTags} tags.`);
    return { Tags: jobs.put({ ...job, tags }).tags };
  }

  function deleteTags(input: JsonObject): JsonObject {
    const job = findByArn(input);
    const keys = new Set(input.TagKeys as readonly string[]);
    jobs.put({ ...job, tags: job.tags.filter(({ Key }) => !keys.has(Key)) });
    return {};
  }

  function find(input: JsonObject): JobRecord {
    const job = jobs.get(input.TrainingJobName as string);
    // Not ResourceNotFound, whatever the API reference says.
    if (!job) throw invalid(notFoundMessage);
    return job;
  }

  function findByArn(input: JsonObject): JobRecord {
    const arn = (input.ResourceArn as string).toLowerCase();
    const job = arn.startsWith(arnPrefix) ? jobs.get(arn.slice(arnPrefix.length)) : undefined;
    if (!job) throw invalid(notFoundMessage);
    return job;
  }

  const operations: Readonly<Record<string, Operation>> = {
    CreateTrainingJob: createTrainingJob,
    DescribeTrainingJob: (input) => describeTrainingJob(find(input)),
    ListTrainingJobs: listTrainingJobs,
    StopTrainingJob: stopTrainingJob,
    DeleteTrainingJob: deleteTrainingJob,
    AddTags: addTags,
    ListTags: (input) => ({ Tags: findByArn(input).tags }),
    DeleteTags: deleteTags,
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, checked(name, operation)]),
  );
}

const notFoundMessage = 'Requested resource not found.';

/** Lets only requests through that satisfy the shape constraints of their operation. */
function checked(name: string, operation: Operation): Operation {
  return (input) => {
    const violations = checkConstraints(constraintTable, name, input);
    if (violations.length > 0) {
      const code = violations.some(({ kind }) => kind === 'type')
        ? 'SerializationException'
        : 'ValidationException';
      throw new ServiceError(code, describeViolations(violations));
    }
    return operation(input);
  };
}

/** A text that sorts as the order asks; the name at the end keeps the order of equal jobs fixed. */
function sortKey(sortBy: string | undefined): (job: JobRecord) => string {
  const time = ({ createdMs }: JobRecord): string => String(createdMs).padStart(15, '0');
  switch (sortBy) {
    case 'Name':
      return (job) => `${job.name} `;
    case 'Status':
      return (job) => `${job.status} ${time(job)} ${job.name}`;
    default:
      return (job) => `${time(job)} ${job.name}`;
  }
}

function isWithin(timeMs: number, after: unknown, before: unknown): boolean {
  const [afterMs, beforeMs] = [instantMs(after), instantMs(before)];
  return (afterMs === undefined || timeMs > afterMs) && (beforeMs === undefined || timeMs < beforeMs);
}

/** Requests have instants as seconds. */
function instantMs(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(value as string);
  if (Number.isNaN(ms)) {
    throw new ServiceError('SerializationException', 'STRING_VALUE can not be converted to a Timestamp');
  }
  return ms;
}

function parseToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const key = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(key).toString('base64url') !== token) throw invalid('The provided NextToken is invalid.');
  return key;
}
