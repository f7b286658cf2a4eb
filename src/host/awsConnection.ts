import { Problem } from '../core/problem.ts';
import type { Place } from '../protocol/trainingForm.ts';
import type { AwsSession } from '../aws/session.ts';
import type { Connection, Session } from './connection.ts';
import type { Settings } from './settings.ts';

/** Jobs on Amazon SageMaker, with the profile, region and endpoints of the settings. */
export class AwsConnection implements Connection {
  readonly scope: string;
  readonly localTrainer = false;
  readonly readsLogsForRows = false;
  readonly emptyState = 'emptyAws';
  readonly waitingForLog = 'Waiting for the first log line. On AWS this takes 2 to 4 minutes.';
  readonly logLagMs = 15_000;
  readonly followIntervalMs = 1000;
  readonly #settings: Settings;
  #region: string;
  #opening: Promise<Session & { aws: AwsSession }> | undefined;

  constructor(
    settings: Settings,
    /** The extension's, for the user agent. */
    private readonly version: string,
  ) {
    this.#settings = settings;
    this.#region = settings.region;
    this.scope = JSON.stringify(['aws', settings.profile, settings.region, settings.endpoints]);
  }

  get place(): Place {
    const label = [this.#settings.profile || 'AWS', this.#region].filter((part) => part !== '').join(' · ');
    return {
      label,
      shortLabel: label,
      icon: 'cloud',
      launchLabel: 'Launch on AWS',
      billed: true,
      region: this.#region,
    };
  }

  async use<T>(action: (session: Session) => Promise<T>): Promise<T> {
    return action(await this.#open());
  }

  async dispose(): Promise<void> {
    const session = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    session?.aws.dispose();
  }

  #open(): Promise<Session> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<Session & { aws: AwsSession }> {
    const { profile, region: chosen, endpoints, bucket, roleArn } = this.#settings;
    const { openAwsSession, regionOf } = await import('../aws/session.ts');
    const region = chosen || (await regionOf(profile));
    if (!region) {
      throw new Problem('invalidInput', `The profile "${profile || 'default'}" names no region.`, {
        hint: 'Set "sagemakerJobs.aws.region".',
      });
    }
    this.#region = region;
    const aws = openAwsSession({
      region,
      endpoints,
      version: this.version,
      ...(profile ? { profile } : {}),
    });
    try {
      const { accountId } = await aws.identity.caller();
      return {
        region,
        accountId,
        bucket: bucket || `sagemaker-${region}-${accountId}`,
        roleArn,
        jobs: aws.jobs,
        logs: aws.logs,
        objects: aws.objects,
        aws,
      };
    } catch (error) {
      aws.dispose();
      throw error;
    }
  }
}
