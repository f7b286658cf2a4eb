import type { CreateTrainingJobRequest, DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import { isAbortError } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { RateLimiter } from '../core/rateLimiter.ts';
import type { TrainingJob, TrainingJobSummary } from '../core/trainingJob.ts';
import type { TrainingRequest } from '../core/trainingRequest.ts';
import type { Clients, SendOptions } from './clients.ts';
import { attemptsOf, hasName, isMissing } from './problems.ts';
import { toSummary, toTrainingJob } from './trainingJobRecord.ts';

export interface CreateOptions {
  /** The answer was lost; whether the job exists is being found out. */
  readonly onLostAnswer?: () => void;
  readonly signal?: AbortSignal | undefined;
}

export interface CreatedJob {
  readonly arn: string;
  /** The service's answer never came, and the job was found by asking for it. */
  readonly foundAfterLostAnswer: boolean;
}

export interface ListOptions {
  readonly nextToken?: string | undefined;
  /** At most 100, which is also what is asked for without it. */
  readonly maxResults?: number;
  readonly nameContains?: string;
  /** Filtered by the service only after it cut the page: an empty page with a token is not the end. */
  readonly status?: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
}

/** A page of jobs, the newest first. */
export interface JobPage {
  readonly jobs: readonly TrainingJobSummary[];
  /** Token of the next page; `undefined` after the last one. */
  readonly nextToken: string | undefined;
}

/** How far a job's creation may lie before our request, as two clocks tell it, for the job to be ours. */
const clockTolerance = 15 * 60_000;

/** Waits before asking whether a job exists: its creation may still be under way when the answer is lost. */
const checkAfterMs = [0, 1000, 3000, 6000];

/** Training jobs of one account and region. */
export class TrainingJobs {
  readonly #clients: Clients;
  readonly #clock: Clock;
  readonly #listRate: RateLimiter;

  constructor(clients: Clients, clock: Clock, listRate: RateLimiter) {
    this.#clients = clients;
    this.#clock = clock;
    this.#listRate = listRate;
  }

  /**
   * Creates a job, once. The call carries no token that would make it repeatable: when an answer is lost, the SDK's
   * own retry is told that the name is in use, by the very job that it made. Then, and when no answer came at all,
   * the job is described, and taken as created if it is ours.
   */
  async create(request: TrainingRequest, { onLostAnswer, signal }: CreateOptions = {}): Promise<CreatedJob> {
    const { api, client } = await this.#clients.sagemaker();
    const input = request as unknown as CreateTrainingJobRequest;
    const context = { what: 'create training job', subject: request.TrainingJobName };
    const startedMs = this.#clock.now();
    let conflict = false;
    const sending = this.#clients.call(
      context,
      async (options) => {
        try {
          return await client.send(new api.CreateTrainingJobCommand(input), options);
        } catch (error) {
          conflict = hasName(error, 'ResourceInUse') && attemptsOf(error) > 1;
          throw error;
        }
      },
      signal,
    );
    try {
      const { TrainingJobArn } = await sending;
      return { arn: TrainingJobArn ?? '', foundAfterLostAnswer: false };
    } catch (error) {
      if (!conflict && !isProblem(error, 'offline', 'serviceFault')) throw error;
      onLostAnswer?.();
      const arn = await this.#findOurs(request, startedMs, signal);
      if (arn === undefined) throw error;
      return { arn, foundAfterLostAnswer: true };
    }
  }

  /** The job's state; `undefined` when there is no such job. */
  async describe(name: string, signal?: AbortSignal): Promise<TrainingJob | undefined> {
    const response = await this.#describe(name, signal);
    return response && toTrainingJob(response);
  }

  /** Whether a job has this name; names stay taken after a job has ended. */
  async nameTaken(name: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#describe(name, signal)) !== undefined;
  }

  async listPage(query: ListOptions, signal?: AbortSignal): Promise<JobPage> {
    await this.#listRate.take(signal);
    const { api, client } = await this.#clients.sagemaker();
    const command = new api.ListTrainingJobsCommand({
      MaxResults: query.maxResults ?? 100,
      SortBy: 'CreationTime',
      SortOrder: 'Descending',
      NextToken: query.nextToken,
      NameContains: query.nameContains,
      StatusEquals: query.status,
    });
    const send = (options: SendOptions) => client.send(command, options);
    const response = await this.#clients.call({ what: 'list training jobs' }, send, signal);
    return {
      jobs: (response.TrainingJobSummaries ?? []).map(toSummary),
      nextToken: response.NextToken,
    };
  }

  /** All pages, one after the other. */
  async *list(query: Omit<ListOptions, 'nextToken'>, signal?: AbortSignal): AsyncGenerator<JobPage> {
    let nextToken: string | undefined;
    do {
      const page: JobPage = await this.listPage({ ...query, nextToken }, signal);
      yield page;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  /** Asks for a job to be stopped; tells whether it will be: one that had ended stays as it is. */
  async stop(name: string, signal?: AbortSignal): Promise<boolean> {
    const { api, client } = await this.#clients.sagemaker();
    const command = new api.StopTrainingJobCommand({ TrainingJobName: name });
    const stop = async (options: SendOptions): Promise<boolean> => {
      try {
        await client.send(command, options);
        return true;
      } catch (error) {
        if (hasName(error, 'ValidationException') && /is in status/.test((error as Error).message))
          return false;
        throw missingAsNotFound(error, name);
      }
    };
    return this.#clients.call({ what: 'stop training job', subject: name }, stop, signal);
  }

  /** Removes the record of a job that has ended, which frees its name. What it left in S3 stays. */
  async delete(name: string, signal?: AbortSignal): Promise<void> {
    const { api, client } = await this.#clients.sagemaker();
    const command = new api.DeleteTrainingJobCommand({ TrainingJobName: name });
    const remove = async (options: SendOptions): Promise<void> => {
      try {
        await client.send(command, options);
      } catch (error) {
        // Gone already, also by an earlier attempt of this very call.
        if (!isMissing(error)) throw error;
      }
    };
    await this.#clients.call({ what: 'delete training job', subject: name }, remove, signal);
  }

  async #describe(name: string, signal?: AbortSignal): Promise<DescribeTrainingJobResponse | undefined> {
    const { api, client } = await this.#clients.sagemaker();
    const command = new api.DescribeTrainingJobCommand({ TrainingJobName: name });
    const describe = async (options: SendOptions): Promise<DescribeTrainingJobResponse | undefined> => {
      try {
        return await client.send(command, options);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    };
    return this.#clients.call({ what: 'describe training job', subject: name }, describe, signal);
  }

  /** The ARN of the job that our request made; `undefined` when it made none, and the name is free or another's. */
  async #findOurs(
    request: TrainingRequest,
    startedMs: number,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    let failure: unknown;
    for (const waitMs of checkAfterMs) {
      await this.#clock.delay(waitMs, signal);
      try {
        const job = await this.#describe(request.TrainingJobName, signal);
        failure = undefined;
        if (job !== undefined) return isOurs(job, request, startedMs) ? job.TrainingJobArn : undefined;
      } catch (error) {
        if (isAbortError(error)) throw error;
        failure = error;
      }
    }
    if (failure === undefined) return undefined;
    // Not `offline`: who repeats what failed for want of a connection must not repeat this.
    throw new Problem(
      'serviceFault',
      `The connection broke while "${request.TrainingJobName}" was created, and whether it was could not be checked.`,
      { hint: 'Look for it in Training Jobs before you launch it again.', cause: failure },
    );
  }
}

/** Whether a described job is the one that this request asked for: all that was sent is there, and it is new. */
function isOurs(job: DescribeTrainingJobResponse, request: TrainingRequest, startedMs: number): boolean {
  const createdMs = job.CreationTime?.getTime() ?? startedMs;
  return createdMs >= startedMs - clockTolerance && contains(job, request);
}

/** Whether every member of `expected` is in `actual`; the service adds members, but changes none. */
function contains(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return actual === expected;
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false;
  const members = actual as Readonly<Record<string, unknown>>;
  return Object.entries(expected).every(([name, value]) => contains(members[name], value));
}

/** "No such job" under the name of an ordinary refusal. */
function missingAsNotFound(error: unknown, name: string): unknown {
  if (!isMissing(error)) return error;
  return new Problem('notFound', `There is no training job "${name}" any more.`, { cause: error });
}
