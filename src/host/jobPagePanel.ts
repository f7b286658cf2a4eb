import * as vscode from 'vscode';
import type { Clock } from '../core/clock.ts';
import { Disposables, type Disposable } from '../core/disposables.ts';
import type { Format } from '../core/format.ts';
import { displayName } from '../core/jobName.ts';
import { jobPage } from '../core/jobPage.ts';
import { isProblem, messageOf } from '../core/problem.ts';
import type { TrainingJob } from '../core/trainingJob.ts';
import type {
  JobPageHost,
  JobPageId,
  JobPageNotice,
  JobPageState,
  JobPageWebview,
} from '../protocol/jobPage.ts';
import { Peer } from '../protocol/rpc.ts';
import type { Connection } from './connection.ts';
import { JobWatch, type WatchSnapshot } from './jobWatch.ts';
import type { JobWatches } from './jobWatches.ts';
import type { ActionRunner } from './runCommand.ts';
import { webviewHtml } from './webviewHtml.ts';

export interface JobPageServices {
  readonly extensionUri: vscode.Uri;
  readonly connection: () => Connection;
  readonly watches: JobWatches;
  readonly runner: ActionRunner;
  readonly clock: Clock;
  readonly format: Format;
  /** Opens the job as the service describes it. */
  readonly showJson: (jobName: string) => Promise<void>;
}

type ReadyState = Extract<JobPageState, { kind: 'ready' }>;

/**
 * One tab with the page of one job. What it shows comes from a watch: the one that follows the job for its log channel
 * when there is one, so that nothing is asked twice, else one of its own.
 */
export class JobPagePanel implements Disposable {
  readonly #panel: vscode.WebviewPanel;
  #id: JobPageId;
  readonly #services: JobPageServices;
  readonly #peer: Peer<JobPageHost, JobPageWebview>;
  readonly #disposables = new Disposables();
  #watch: JobWatch | undefined;
  /** What the page lets go of when it takes another watch. */
  #following: Disposables | undefined;
  /** What was last known of the job; it outlives the watch that told it. */
  #last: Pick<ReadyState, 'job' | 'place'> | undefined;
  /** The job was found to be gone after its watch had ended. */
  #gone = false;
  /** What was in the way when the job was looked for after its watch had ended. */
  #trouble: WatchSnapshot['trouble'];
  #wasVisible = true;
  #pushing = false;
  readonly #end = new AbortController();

  constructor(panel: vscode.WebviewPanel, id: JobPageId, services: JobPageServices) {
    this.#panel = panel;
    this.#id = id;
    this.#services = services;
    const { jobName } = id;
    this.#peer = this.#disposables.add(
      new Peer<JobPageHost, JobPageWebview>((frame) => panel.webview.postMessage(frame), {
        load: () => this.#state(),
        retry: () => this.#retry(),
        showLogs: () => this.#command('sagemakerJobs.showLogs', jobName),
        stopJob: () => this.#command('sagemakerJobs.stopJob', jobName),
        deleteJob: () => this.#command('sagemakerJobs.deleteJob', jobName),
        showJson: () => this.#run('Showing the job as JSON', () => services.showJson(jobName)),
        copy: async ({ text }) => vscode.env.clipboard.writeText(text),
        closePage: () => this.#close(),
      }),
    );
    this.#show();
    this.#follow();
    this.#disposables.add(
      services.watches.onDidStart(({ scope, jobName: started }) => {
        if (scope === id.scope && started === jobName) this.#follow();
      }),
    );
    this.#disposables.add(panel.onDidChangeViewState(() => this.#onViewState()));
    panel.onDidDispose(() => this.#run('Closing the page of a job', () => this.dispose()));
  }

  get viewColumn(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  reveal(preserveFocus: boolean): void {
    this.#panel.reveal(undefined, preserveFocus);
    this.recheck();
  }

  /** Where jobs run has changed: the job may be out of reach now, or within it again. */
  connectionChanged(): void {
    this.#follow();
  }

  /** Finds out whether a job that is no longer followed still exists, or is another one under the same name. */
  recheck(): void {
    if (!this.#isHere || this.#watch?.snapshot.state === 'following') return;
    this.#run('Looking for the job', async () => {
      try {
        const job = await this.#services
          .connection()
          .use(({ jobs }) => jobs.describe(this.#id.jobName, this.#end.signal), this.#end.signal);
        this.#trouble = undefined;
        if (job && (this.#gone || job.createdMs !== this.#last?.job.createdMs)) return this.#follow();
        this.#gone = !job;
      } catch (error) {
        if (!isProblem(error)) throw error;
        this.#trouble = { error, sinceMs: this.#services.clock.now() };
      }
      this.#push();
    });
  }

  /** Lets go of the tab without closing it: VS Code brings it back in the next window. */
  async dispose(): Promise<void> {
    this.#end.abort();
    await this.#following?.dispose();
    await this.#disposables.dispose();
  }

  get #isHere(): boolean {
    return this.#services.connection().scope === this.#id.scope;
  }

  #show(): void {
    const { webview } = this.#panel;
    const { extensionUri } = this.#services;
    this.#panel.title = displayName(this.#id.jobName);
    this.#panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    const roots = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));
    webview.options = { enableScripts: true, localResourceRoots: roots };
    this.#disposables.add(webview.onDidReceiveMessage((frame) => void this.#peer.receive(frame)));
    webview.html = webviewHtml(webview, extensionUri, {
      title: this.#panel.title,
      script: 'jobPage.js',
      styles: ['jobPage.css'],
    });
  }

  /** Takes the watch of the log channel, or begins one of its own; nothing while the job is in another place. */
  #follow(): void {
    const { connection, watches } = this.#services;
    const before = this.#following;
    this.#following = new Disposables();
    this.#gone = false;
    this.#trouble = undefined;
    this.#watch = undefined;
    if (this.#isHere) {
      const shared = watches.find(connection(), this.#id.jobName);
      this.#watch = shared?.snapshot.state === 'following' ? shared : this.#ownWatch(this.#following);
      this.#following.add(this.#watch.onDidChange(() => this.#push()));
    }
    this.#run('Closing a watch', () => before?.dispose());
    this.#push();
  }

  #ownWatch(owner: Disposables): JobWatch {
    const { connection, clock, format } = this.#services;
    const watch = owner.add(
      new JobWatch({
        jobName: this.#id.jobName,
        connection: connection(),
        clock,
        format,
        writer: { appendLine: () => undefined },
        onJob: () => undefined,
        onProgress: () => undefined,
      }),
    );
    watch.inView = this.#panel.visible;
    owner.add(this.#panel.onDidChangeViewState(() => (watch.inView = this.#panel.visible)));
    // What it rejects with is in its snapshot, and the page says it; other errors than problems are bugs.
    watch.ended.catch((error: unknown) => {
      if (!isProblem(error)) void this.#services.runner.report('Following the job', error);
    });
    return watch;
  }

  #retry(): void {
    if (this.#watch?.snapshot.state === 'following') this.#watch.refresh();
    else this.#follow();
  }

  #onViewState(): void {
    const appeared = this.#panel.visible && !this.#wasVisible;
    this.#wasVisible = this.#panel.visible;
    if (appeared) this.recheck();
  }

  #state(): JobPageState {
    const { place } = this.#services.connection();
    const snapshot = this.#watch?.snapshot;
    if (snapshot) this.#id = { ...this.#id, placeLabel: place.shortLabel };
    if (snapshot?.job) this.#last = this.#content(snapshot.job, snapshot);
    const id = this.#id;
    const notice = this.#notice(snapshot);
    if (this.#last) return { id, kind: 'ready', ...this.#last, ...(notice && { notice }) };
    return notice ? { id, kind: 'unknown', notice } : { id, kind: 'loading' };
  }

  #content(job: TrainingJob, { rounds, lastLines, state }: WatchSnapshot): Pick<ReadyState, 'job' | 'place'> {
    const { place, localTrainer } = this.#services.connection();
    const log = logOf[state];
    return {
      job: jobPage(job, { rounds, lastLines, log, localTrainer, billed: place.billed }),
      place: { shortLabel: place.shortLabel, icon: place.icon },
    };
  }

  #notice(snapshot: WatchSnapshot | undefined): JobPageNotice | undefined {
    if (!snapshot) {
      return {
        kind: 'elsewhere',
        text: `This job is in ${this.#id.placeLabel}, and jobs run elsewhere now.`,
      };
    }
    if (this.#gone || snapshot.state === 'gone') return { kind: 'gone', text: 'This job no longer exists.' };
    const trouble = this.#trouble ?? snapshot.trouble;
    if (!trouble) return undefined;
    const { error, sinceMs } = trouble;
    const text = isProblem(error) && error.hint ? `${error.message} ${error.hint}` : messageOf(error);
    return { kind: 'interrupted', text, sinceMs };
  }

  /** Tells the page once of all that happens in one go. */
  #push(): void {
    if (this.#pushing) return;
    this.#pushing = true;
    queueMicrotask(() => {
      this.#pushing = false;
      if (this.#end.signal.aborted) return;
      const state = this.#state();
      // A page that is hidden or closed does not answer, and needs no news: it loads when it is shown again.
      if (this.#panel.visible) this.#peer.call('replace', state).catch(() => undefined);
    });
  }

  #close(): void {
    this.#panel.dispose();
  }

  #command(id: string, jobName: string): void {
    void vscode.commands.executeCommand(id, jobName);
  }

  #run(what: string, action: () => unknown): void {
    void this.#services.runner.run(what, action);
  }
}

const logOf = {
  following: 'reading',
  ended: 'complete',
  gone: 'unreadable',
  closed: 'unreadable',
} as const satisfies Record<WatchSnapshot['state'], string>;
