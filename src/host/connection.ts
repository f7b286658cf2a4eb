import type { Disposable } from '../core/disposables.ts';
import type { Place } from '../protocol/trainingForm.ts';
import type { JobLogs } from '../aws/logs.ts';
import type { Objects } from '../aws/objects.ts';
import type { TrainingJobs } from '../aws/jobs.ts';

/**
 * Where jobs run. There are two real ones: the embedded backend (`localConnection.ts`) and Amazon SageMaker
 * (`awsConnection.ts`). Both hand out the same clients of the same services; they differ in the endpoint, in the
 * credentials and in what the user sees of the place. Nothing outside asks which of the two it is.
 */
export interface Connection extends Disposable {
  /** What the user sees; the region is empty until the connection was used once when it comes from a profile. */
  readonly place: Place;
  /** Tells connections apart in what is remembered: jobs of one scope are one list. */
  readonly scope: string;
  /** Whether jobs are trained by the embedded trainer, whose limits are then told before a launch. */
  readonly localTrainer: boolean;
  /** What the list shows while it is empty. */
  readonly emptyState: 'emptyLocal' | 'emptyAws';
  /** The sentence before the first log line. */
  readonly waitingForLog: string;
  /** Whether a whole log may be read just to draw a row; where calls are rationed it may not. */
  readonly readsLogsForRows: boolean;
  /** Lines may arrive this long after the job has ended. */
  readonly logLagMs: number;
  /** Shortest time between two looks at a job that is in view. */
  readonly followIntervalMs: number;
  /**
   * Runs an action with a session, opening one when there is none. An action may be run a second time when the
   * place had gone away before it got there; it is never repeated after it was processed.
   */
  use<T>(action: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** An open connection: clients and the defaults of the account. */
export interface Session {
  readonly region: string;
  readonly accountId: string;
  /** Bucket for data and models; see `Objects.ensureDefaultBucket` for when it is made. */
  readonly bucket: string;
  readonly roleArn: string;
  readonly jobs: TrainingJobs;
  readonly logs: JobLogs;
  readonly objects: Objects;
}
