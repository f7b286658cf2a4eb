import type { OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogPage } from '../core/logFollower.ts';
import type { RateLimiter } from '../core/rateLimiter.ts';
import type { Clients, SendOptions } from './clients.ts';
import { hasName } from './problems.ts';

/** Log group of all training jobs. */
const trainingJobs = '/aws/sagemaker/TrainingJobs';

/** Logs of jobs in CloudWatch, read forwards; what a `LogFollower` reads from. */
export class JobLogs {
  readonly #clients: Clients;
  readonly #rate: RateLimiter;

  constructor(clients: Clients, rate: RateLimiter) {
    this.#clients = clients;
    this.#rate = rate;
  }

  /** The streams of a job; none before a container has written its first line. */
  async listStreams(jobName: string, signal?: AbortSignal): Promise<readonly string[]> {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#listStreamsPage(jobName, nextToken, signal);
      names.push(...page.names);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return names;
  }

  /** Reads on from a token, or from the first event; see `LogSource`. */
  async readPage(
    jobName: string,
    stream: string,
    token: string | undefined,
    signal?: AbortSignal,
  ): Promise<LogPage | 'expired' | undefined> {
    await this.#rate.take(signal);
    const { api, client } = await this.#clients.logs();
    const command = new api.GetLogEventsCommand({
      logGroupName: trainingJobs,
      logStreamName: stream,
      // The service reads backwards from the end without it, and refuses a forward token.
      startFromHead: true,
      nextToken: token,
    });
    const read = async (options: SendOptions): Promise<LogPage | 'expired' | undefined> => {
      try {
        const { events = [], nextForwardToken } = await client.send(command, options);
        return { events: events.map(toLogEvent), nextToken: nextForwardToken ?? token ?? '' };
      } catch (error) {
        if (hasName(error, 'ResourceNotFoundException')) return undefined;
        if (token !== undefined && isTokenRefused(error)) return 'expired';
        throw error;
      }
    };
    return this.#clients.call({ what: 'read the log of', subject: jobName }, read, signal);
  }

  async #listStreamsPage(
    jobName: string,
    nextToken: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly names: readonly string[]; readonly nextToken: string | undefined }> {
    await this.#rate.take(signal);
    const { api, client } = await this.#clients.logs();
    const command = new api.DescribeLogStreamsCommand({
      logGroupName: trainingJobs,
      // With the slash: without it the streams of `<job>-2` would be taken as well.
      logStreamNamePrefix: `${jobName}/`,
      nextToken,
    });
    const list = async (options: SendOptions) => {
      try {
        const page = await client.send(command, options);
        const names = (page.logStreams ?? []).flatMap(({ logStreamName }) => logStreamName ?? []);
        return { names, nextToken: page.nextToken };
      } catch (error) {
        // The group is made with the account's first job.
        if (hasName(error, 'ResourceNotFoundException')) return { names: [], nextToken: undefined };
        throw error;
      }
    };
    return this.#clients.call({ what: 'read the log of', subject: jobName }, list, signal);
  }
}

function toLogEvent(event: OutputLogEvent): LogEvent {
  return { timestampMs: event.timestamp ?? 0, message: event.message ?? '' };
}

/** Tokens are forgotten after a day. */
function isTokenRefused(error: unknown): boolean {
  return hasName(error, 'InvalidParameterException') && /token/i.test((error as Error).message);
}
