import { isProblem } from '../core/problem.ts';
import type { Place } from '../protocol/trainingForm.ts';
import type { BackendAddress } from '../backend/rendezvous.ts';
import type { AwsSession } from '../aws/session.ts';
import type { Connection, Session } from './connection.ts';
import type { Settings } from './settings.ts';

/** Jobs on this computer: the embedded backend, a process of its own that all windows share. */
export class LocalConnection implements Connection {
  readonly place: Place = {
    label: 'Local, on this computer',
    shortLabel: 'Local',
    icon: 'device-desktop',
    launchLabel: 'Launch Locally',
    billed: false,
    region: 'us-east-1',
  };
  readonly scope = 'local';
  readonly localTrainer = true;
  readonly readsLogsForRows = true;
  readonly emptyState = 'emptyLocal';
  readonly waitingForLog = 'Waiting for the first log line.';
  readonly logLagMs = 0;
  readonly followIntervalMs = 300;
  #opening: Promise<Session & { aws: AwsSession }> | undefined;

  constructor(
    private readonly settings: Pick<Settings, 'bucket' | 'roleArn'>,
    /** The extension's, for the user agent. */
    private readonly version: string,
    /** Finds the running backend, or starts one. */
    private readonly connect: (signal?: AbortSignal) => Promise<BackendAddress>,
  ) {}

  async use<T>(action: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const opening = this.#open();
    const session = await opening;
    try {
      return await action(session);
    } catch (error) {
      if (!isProblem(error, 'offline') || signal?.aborted) throw error;
      // A backend that nobody called for a while has ended itself; another window may have started the next one.
      // Another call that failed with it may have opened the next session already: that one stays.
      if (this.#opening === opening) await this.#close();
      return action(await this.#open());
    }
  }

  async dispose(): Promise<void> {
    await this.#close();
  }

  #open(): Promise<Session> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<Session & { aws: AwsSession }> {
    const [address, { openAwsSession }] = await Promise.all([this.connect(), import('../aws/session.ts')]);
    const { url, region, accountId, accessKeyId, secretAccessKey } = address;
    const bucket = this.settings.bucket || address.bucket;
    const roleArn = this.settings.roleArn || address.roleArn;
    const aws = openAwsSession({
      region,
      endpoints: { default: url },
      credentials: { accessKeyId, secretAccessKey },
      version: this.version,
      unlimited: true,
    });
    return { region, accountId, bucket, roleArn, jobs: aws.jobs, logs: aws.logs, objects: aws.objects, aws };
  }

  async #close(): Promise<void> {
    const session = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    session?.aws.dispose();
  }
}
