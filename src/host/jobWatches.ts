import type * as vscode from 'vscode';
import type { Clock } from '../core/clock.ts';
import type { Disposable } from '../core/disposables.ts';
import { Emitter } from '../core/emitter.ts';
import type { Format } from '../core/format.ts';
import type { TrainingJob } from '../core/trainingJob.ts';
import type { Connection } from './connection.ts';
import { JobWatch, type WatchEnd } from './jobWatch.ts';
import type { LogChannels } from './logChannels.ts';
import { stateKeys } from './manifest.ts';

export interface WatchEvents {
  /** The job was described anew, and changed. */
  onJob(job: TrainingJob, connection: Connection): void;
  onProgress(job: TrainingJob, progress: string): void;
  /** A job ended and its log is complete; `announced` when its end was waited for, by launching or resuming it. */
  onEnd(end: WatchEnd, announced: boolean): void;
  /** A watch failed because of an error in the extension. */
  onError(jobName: string, error: unknown): void;
}

interface Running {
  readonly watch: JobWatch;
  /** Whether its end is told by a notification. */
  announced: boolean;
}

/** One remembered watch: a job in a connection. */
interface WatchKey {
  readonly scope: string;
  readonly jobName: string;
}

/**
 * The jobs that this window follows, each with its log channel. Watches that were not over when the window closed
 * are resumed in the next one of this workspace: a job goes on without anybody watching.
 */
export class JobWatches implements Disposable {
  readonly #running = new Map<string, Running>();
  readonly #started = new Emitter<{ readonly scope: string; readonly jobName: string }>();
  /** Fires when a job begins to be followed; `find` then has its watch. */
  readonly onDidStart = this.#started.event;

  constructor(
    private readonly channels: LogChannels,
    private readonly state: vscode.Memento,
    private readonly clock: Clock,
    private readonly format: Format,
    private readonly events: WatchEvents,
  ) {}

  /** Whether an earlier window has left a watch of this connection; reads one stored key and nothing else. */
  hasUnfinished(scope: string): boolean {
    return this.#stored().some((watch) => watch.scope === scope);
  }

  /** Follows again what an earlier window has left, without showing it. */
  resume(connection: Connection): void {
    for (const { scope, jobName } of this.#stored()) {
      if (scope === connection.scope) this.#start(connection, jobName, true);
    }
  }

  /** Follows a job that was just launched, shows its log, and tells its end. */
  async launched(connection: Connection, jobName: string): Promise<void> {
    this.#start(connection, jobName, true);
    this.channels.find(key(connection, jobName))?.show(true);
    await this.#remember(connection, jobName);
  }

  /** Shows the log of a job, reading it from its beginning unless that has been done. */
  showLog(connection: Connection, jobName: string): void {
    const id = key(connection, jobName);
    if (!this.channels.find(id)) this.#start(connection, jobName, false);
    this.channels.find(id)?.show(true);
  }

  /** The watch that follows a job now. */
  find(connection: Connection, jobName: string): JobWatch | undefined {
    return this.#running.get(key(connection, jobName))?.watch;
  }

  /** Asks for the state of a job at once. */
  refresh(connection: Connection, jobName: string): void {
    this.#running.get(key(connection, jobName))?.watch.refresh();
  }

  /** Lets go of a job that was deleted, with its channel and with what was remembered of it. */
  async forget(connection: Connection, jobName: string): Promise<void> {
    const id = key(connection, jobName);
    this.#running.get(id)?.watch.dispose();
    this.#running.delete(id);
    this.channels.close(id);
    await this.#drop(connection.scope, jobName);
  }

  /** Lets go of all jobs of one scope. */
  async forgetAll(scope: string): Promise<void> {
    for (const [id, { watch }] of [...this.#running]) {
      if (!id.startsWith(`${scope}\n`)) continue;
      watch.dispose();
      this.#running.delete(id);
      this.channels.close(id);
    }
    const others = this.#stored().filter((watch) => watch.scope !== scope);
    await this.state.update(stateKeys.watches, others);
  }

  /** Lets go without ending a job; what is remembered stays for the next window. */
  dispose(): void {
    for (const { watch } of this.#running.values()) watch.dispose();
    this.#running.clear();
    this.#started.dispose();
  }

  #start(connection: Connection, jobName: string, announced: boolean): void {
    const id = key(connection, jobName);
    const known = this.#running.get(id);
    if (known) {
      known.announced ||= announced;
      return;
    }
    const watch = new JobWatch({
      jobName,
      connection,
      clock: this.clock,
      writer: this.channels.open(id, jobName),
      format: this.format,
      onJob: (job) => this.events.onJob(job, connection),
      onProgress: (job, progress) => this.events.onProgress(job, progress),
    });
    const running: Running = { watch, announced };
    this.#running.set(id, running);
    this.#started.fire({ scope: connection.scope, jobName });
    watch.ended
      .then((end) => this.#ended(connection, jobName, running, end))
      .catch((error: unknown) => this.events.onError(jobName, error));
  }

  async #ended(
    connection: Connection,
    jobName: string,
    running: Running,
    end: WatchEnd | undefined,
  ): Promise<void> {
    const id = key(connection, jobName);
    // A watch that was let go of has no end to tell; it is remembered for the next window.
    if (this.#running.get(id) !== running) return;
    this.#running.delete(id);
    this.channels.finished(id);
    await this.#drop(connection.scope, jobName);
    if (!end) return;
    this.events.onJob(end.job, connection);
    this.events.onEnd(end, running.announced);
  }

  #stored(): readonly WatchKey[] {
    return this.state.get<readonly WatchKey[]>(stateKeys.watches, []);
  }

  async #remember({ scope }: Connection, jobName: string): Promise<void> {
    await this.state.update(stateKeys.watches, [...this.#stored(), { scope, jobName }]);
  }

  async #drop(scope: string, jobName: string): Promise<void> {
    const others = this.#stored().filter((watch) => watch.scope !== scope || watch.jobName !== jobName);
    await this.state.update(stateKeys.watches, others);
  }
}

function key({ scope }: Connection, jobName: string): string {
  return `${scope}\n${jobName}`;
}
