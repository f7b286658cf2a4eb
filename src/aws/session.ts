import { type Clock, systemClock } from '../core/clock.ts';
import { RateLimiter } from '../core/rateLimiter.ts';
import { type AwsSettings, Clients } from './clients.ts';
import { Identity } from './identity.ts';
import { TrainingJobs } from './jobs.ts';
import { JobLogs } from './logs.ts';
import { Objects } from './objects.ts';

export interface SessionSettings extends AwsSettings {
  /** Whether the place needs no sparing of its quotas, as a service on this computer. */
  readonly unlimited?: boolean;
  readonly clock?: Clock;
}

/** The services of one place: an account and region, or the local backend. */
export interface AwsSession {
  readonly identity: Identity;
  readonly jobs: TrainingJobs;
  readonly logs: JobLogs;
  readonly objects: Objects;
  /** Ends all connections; calls under way fail. */
  dispose(): void;
}

/** Calls a second that one window makes at most; the quotas are the account's, and others have a share in them. */
const listRate = { perSecond: 0.5, burst: 4 };
const logsRate = { perSecond: 2, burst: 4 };

/** Opens nothing yet: clients are loaded and connections made with the first call of each service. */
export function openAwsSession({
  unlimited = false,
  clock = systemClock,
  ...settings
}: SessionSettings): AwsSession {
  const clients = new Clients(settings);
  const limiter = ({ perSecond, burst }: typeof listRate): RateLimiter =>
    new RateLimiter(clock, unlimited ? Infinity : perSecond, burst);
  const identity = new Identity(clients);
  return {
    identity,
    jobs: new TrainingJobs(clients, clock, limiter(listRate)),
    logs: new JobLogs(clients, limiter(logsRate)),
    objects: new Objects(clients, identity, clock),
    dispose: () => clients.destroy(),
  };
}

/**
 * The region that a profile names, or the environment where no profile was chosen; `undefined` when none does. A
 * chosen profile comes before `AWS_REGION`: whoever picks it means its region too.
 */
export async function regionOf(profile: string | undefined): Promise<string | undefined> {
  const environment = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  if (!profile && environment) return environment;
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  // Read anew each time: the file may have been edited since.
  const { configFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const name = profile || process.env['AWS_PROFILE'] || 'default';
  return configFile[name]?.['region'] ?? environment;
}
