import { type Stats, unwatchFile, watchFile } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../core/clock.ts';
import type { CsvProfile } from '../core/csvProfile.ts';
import { Disposables, type Disposable } from '../core/disposables.ts';
import type { Format } from '../core/format.ts';
import { imageVersions } from '../core/images.ts';
import { trainingInstanceTypes } from '../core/instanceTypes.ts';
import { baseFromFileName, displayName, nameFromBase, nextFreeName } from '../core/jobName.ts';
import { isProblem, messageOf, Problem } from '../core/problem.ts';
import { newTrainingDraft, type FieldProblem, type TrainingDraft } from '../core/trainingDraft.ts';
import { validateDraft } from '../core/validateDraft.ts';
import type { CsvFailure } from '../protocol/csvWorker.ts';
import { Peer } from '../protocol/rpc.ts';
import type {
  FormLimits,
  FormState,
  LaunchAnswer,
  TrainingFormHost,
  TrainingFormPage,
} from '../protocol/trainingForm.ts';
import type { CsvClient } from '../worker/csvClient.ts';
import { toAbortSignal } from './cancellation.ts';
import { settleUnsavedChanges } from './chooseCsv.ts';
import type { Connection, Session } from './connection.ts';
import type { DraftStore } from './draftStore.ts';
import { cancelledText, type LaunchEnd, launchTraining } from './launchTraining.ts';
import type { ActionRunner } from './runCommand.ts';
import { readSettings } from './settings.ts';
import { webviewHtml } from './webviewHtml.ts';

/** How often the file of an open form is looked at. */
const watchIntervalMs = 1000;

export interface TrainingFormServices {
  readonly extensionUri: vscode.Uri;
  readonly connection: () => Connection;
  readonly csv: CsvClient;
  readonly drafts: DraftStore;
  readonly runner: ActionRunner;
  readonly clock: Clock;
  readonly format: Format;
  /** A job was created from the form. */
  readonly onLaunched: (connection: Connection, jobName: string) => Promise<void>;
}

/** One tab with the training form of one file: inspects the file, keeps the draft, launches. */
export class TrainingFormPanel implements Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #file: vscode.Uri;
  readonly #services: TrainingFormServices;
  readonly #peer: Peer<TrainingFormHost, TrainingFormPage>;
  readonly #disposables = new Disposables();
  readonly #end = new AbortController();
  #profile: CsvProfile | undefined;
  /** The draft as it was handed out last: one that is still the same was not edited. */
  #loaded: TrainingDraft | undefined;
  #launching = false;

  constructor(panel: vscode.WebviewPanel, file: vscode.Uri, services: TrainingFormServices) {
    this.#panel = panel;
    this.#file = file;
    this.#services = services;
    this.#peer = this.#disposables.add(
      new Peer<TrainingFormHost, TrainingFormPage>((frame) => panel.webview.postMessage(frame), {
        load: () => this.#load(),
        inspectAgain: ({ hasHeader }) => this.#inspectAgain(hasHeader),
        startOver: () => this.#startOver(),
        edited: ({ draft }) => this.#edited(draft),
        launch: ({ draft }) => this.#launch(draft),
        chooseAnotherFile: () => this.#command('sagemakerJobs.createTrainingJob'),
        openJob: ({ name }) => this.#command('sagemakerJobs.openJob', name),
        showLogs: ({ name }) => this.#command('sagemakerJobs.showLogs', name),
        openSource: ({ line }) => this.#openSource(line),
        changePlace: () => this.#command('workbench.action.openSettings', 'sagemakerJobs.connection'),
      }),
    );
    this.#show();
    this.#watchFile();
    panel.onDidDispose(() => void this.#services.runner.run('Closing the form', () => this.dispose()));
  }

  reveal(): void {
    this.#panel.reveal();
  }

  connectionChanged(): void {
    void this.#services.runner.run('Showing the place', async () => {
      await this.#peer.call('replace', await this.#load());
    });
  }

  /** Lets go of the tab without closing it: VS Code brings it back in the next window. */
  async dispose(): Promise<void> {
    this.#end.abort();
    await this.#disposables.dispose();
  }

  get #fileName(): string {
    return path.basename(this.#file.fsPath);
  }

  #show(): void {
    const { webview } = this.#panel;
    this.#panel.title = `Train: ${this.#fileName}`;
    this.#panel.iconPath = vscode.Uri.joinPath(this.#services.extensionUri, 'media', 'icon.png');
    const roots = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(this.#services.extensionUri, folder));
    webview.options = { enableScripts: true, localResourceRoots: roots };
    this.#disposables.add(webview.onDidReceiveMessage((frame) => void this.#peer.receive(frame)));
    webview.html = webviewHtml(webview, this.#services.extensionUri, {
      title: this.#panel.title,
      script: 'trainingForm.js',
      styles: ['trainingForm.css'],
    });
  }

  /**
   * Notices a change of the file by looking at it: VS Code's own watchers leave out what lies outside the workspace
   * and what the user excludes, and tell nothing on some network drives.
   */
  #watchFile(): void {
    const path = this.#file.fsPath;
    const onStat = (now: Stats): void => {
      // A file that is gone is told of at the launch; it may just be written anew.
      if (!this.#profile || now.mtimeMs === 0 || now.mtimeMs === this.#profile.modifiedMs) return;
      void this.#services.runner.run('Watching the file', () =>
        this.#peer.call('fileChanged', { atMs: this.#services.clock.now() }),
      );
    };
    watchFile(path, { interval: watchIntervalMs, persistent: false }, onStat);
    this.#disposables.add({ dispose: () => unwatchFile(path, onStat) });
  }

  async #load(hasHeader?: boolean): Promise<FormState> {
    const kept = this.#services.drafts.find(this.#file.fsPath);
    // Both take a moment: the connection is opened while the file is read.
    const opening = this.#defaults();
    const found = await this.#inspect(hasHeader);
    // A draft that says otherwise than the file does so because the user chose it.
    const chosen = hasHeader ?? kept?.draft.data.hasHeader;
    const agrees = 'failure' in found || chosen === undefined || found.hasHeader === chosen;
    const result = agrees ? found : await this.#inspect(chosen);
    if ('failure' in result) {
      return { kind: 'unreadable', fileName: this.#fileName, reason: result.message };
    }
    this.#profile = result;
    const defaults = await opening;
    const usable = kept && kept.columns === columnsKey(result) && hasHeader === undefined;
    const draft = usable ? kept.draft : newTrainingDraft(result, { path: this.#file.fsPath, ...defaults });
    // A made-up name has the time in it; one that the user chose is theirs.
    const ownName = displayName(draft.jobName) === draft.jobName;
    this.#loaded = ownName ? draft : { ...draft, jobName: defaults.jobName };
    return {
      kind: 'ready',
      fileName: this.#fileName,
      profile: result,
      draft: this.#loaded,
      place: this.#services.connection().place,
      limits: this.#limits(),
      ...(usable ? { continuedFromMs: kept.savedMs } : {}),
    };
  }

  #inspect(hasHeader: boolean | undefined): Promise<CsvProfile | CsvFailure> {
    const override = hasHeader === undefined ? {} : { hasHeader };
    return this.#services.csv.inspect({ path: this.#file.fsPath, ...override }, {}, this.#end.signal);
  }

  async #inspectAgain(hasHeader: boolean): Promise<FormState> {
    return this.#load(hasHeader);
  }

  async #startOver(): Promise<FormState> {
    await this.#services.drafts.forget(this.#file.fsPath);
    return this.#load();
  }

  /** What a new draft starts with: the settings, and what the connection knows. */
  async #defaults(): Promise<{
    readonly jobName: string;
    readonly outputS3Uri: string;
    readonly roleArn: string;
    readonly compute: TrainingDraft['compute'];
  }> {
    const settings = readSettings(this.#file);
    const { instanceType, instanceCount, volumeSizeInGB, maxRuntimeInSeconds } = settings;
    const compute = { instanceType, instanceCount, volumeSizeInGB, maxRuntimeInSeconds };
    const jobName = this.#newJobName();
    try {
      return await this.#services.connection().use(async ({ bucket, roleArn }: Session) => ({
        jobName,
        outputS3Uri: `s3://${[bucket, settings.keyPrefix].filter((part) => part !== '').join('/')}`,
        roleArn: settings.roleArn || roleArn,
        compute,
      }));
    } catch (error) {
      // The form is of use without the connection; its empty fields then say what is missing.
      // Nobody waits for the answer to the notification: it may stay on screen for long.
      void this.#services.runner.report('Opening the connection', error);
      return { jobName, outputS3Uri: '', roleArn: settings.roleArn, compute };
    }
  }

  #limits(): FormLimits {
    return {
      versions: imageVersions(),
      instanceTypes: trainingInstanceTypes(),
      localTrainer: this.#services.connection().localTrainer,
    };
  }

  async #edited(draft: TrainingDraft): Promise<{ readonly problems: readonly FieldProblem[] }> {
    const { drafts, clock } = this.#services;
    if (this.#profile && JSON.stringify(draft) !== JSON.stringify(this.#loaded)) {
      await drafts.keep(this.#file.fsPath, {
        draft,
        columns: columnsKey(this.#profile),
        savedMs: clock.now(),
      });
    }
    return { problems: await this.#nameProblems(draft.jobName) };
  }

  /** Whether the name is taken; only the service knows. */
  async #nameProblems(jobName: string): Promise<readonly FieldProblem[]> {
    const taken = await this.#services
      .connection()
      .use(async ({ jobs, region }) =>
        (await jobs.nameTaken(jobName, this.#end.signal)) ? region : undefined,
      );
    if (taken === undefined) return [];
    const base = displayName(jobName);
    // A name that was made up gets a new time; one that the user chose gets a number.
    const free = base === jobName ? nextFreeName(jobName, [jobName]) : this.#newJobName(base);
    return [
      {
        field: 'jobName',
        severity: 'error',
        message: `The name "${jobName}" is already used by a job in ${taken}.`,
        fixes: [{ label: `Use ${free}`, change: { kind: 'setJobName', name: free } }],
      },
    ];
  }

  #newJobName(base = baseFromFileName(this.#fileName)): string {
    return nameFromBase(base, new Date(this.#services.clock.now()));
  }

  async #launch(draft: TrainingDraft): Promise<LaunchAnswer> {
    if (this.#launching) return { launched: false, problems: [], reason: 'A launch is under way.' };
    if (!(await settleUnsavedChanges(this.#file))) {
      return { launched: false, problems: [], reason: 'Not launched: the file has unsaved changes.' };
    }
    this.#launching = true;
    try {
      return await this.#launchChecked(draft);
    } catch (error) {
      // The form says what the user can mend. Nobody waits for the answer to a notification, which may stay for long.
      if (!isProblem(error) || !this.#panel.visible) void this.#services.runner.report('The launch', error);
      return { launched: false, problems: [], reason: reasonOf(error) };
    } finally {
      this.#launching = false;
    }
  }

  async #launchChecked(draft: TrainingDraft): Promise<LaunchAnswer> {
    const profile = await this.#currentProfile(draft);
    if (!profile) {
      return {
        launched: false,
        problems: [],
        reason: `The columns of ${this.#fileName} have changed, so nothing was sent. Read the file again.`,
      };
    }
    const checked = validateDraft(draft, profile, this.#limits());
    const problems = [...checked, ...(await this.#nameProblems(draft.jobName))];
    if (problems.some(({ severity }) => severity === 'error')) return { launched: false, problems };
    const connection = this.#services.connection();
    const { csv, clock, format } = this.#services;
    const end = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Launching ${displayName(draft.jobName)}`,
        cancellable: true,
      },
      (progress, token) =>
        launchTraining(
          { draft, profile, connection, csv, clock, format },
          (message) => progress.report({ message }),
          toAbortSignal(token),
        ),
    );
    if (end.kind === 'cancelled') return this.#cancelled(draft.jobName, end);
    await this.#services.onLaunched(connection, draft.jobName);
    if (end.foundAfterLostAnswer) {
      void vscode.window.showInformationMessage(
        'The connection broke while the job was created. Checked: it exists, once.',
      );
    }
    return {
      launched: true,
      jobName: draft.jobName,
      atMs: clock.now(),
      nextJobName: this.#newJobName(),
    };
  }

  /** Tells what became of a cancelled launch: in passing, unless a job has to be known of. */
  async #cancelled(
    jobName: string,
    { removedFiles, jobExisted }: Extract<LaunchEnd, { kind: 'cancelled' }>,
  ): Promise<LaunchAnswer> {
    if (!jobExisted) {
      vscode.window.setStatusBarMessage(cancelledText(jobName, removedFiles, this.#services.format), 5000);
      return { launched: false, problems: [] };
    }
    void this.#services.runner.run('Opening the job', async () => {
      const text = 'The job had already been created and is being stopped. Its name stays taken.';
      if (await vscode.window.showWarningMessage(text, 'Open Job')) {
        await this.#command('sagemakerJobs.openJob', jobName);
      }
    });
    return { launched: false, problems: await this.#nameProblems(jobName) };
  }

  /** The profile of the file as it is now; `undefined` when its columns are no longer those of the draft. */
  async #currentProfile(draft: TrainingDraft): Promise<CsvProfile | undefined> {
    const before = this.#profile;
    const now = await this.#inspect(draft.data.hasHeader);
    if ('failure' in now) throw new Problem('badCsv', `Can't train on ${this.#fileName}: ${now.message}.`);
    if (before && columnsKey(before) !== columnsKey(now)) return undefined;
    this.#profile = now;
    return now;
  }

  async #openSource(line: number | undefined): Promise<void> {
    const editor = await vscode.window.showTextDocument(this.#file, { viewColumn: vscode.ViewColumn.Beside });
    if (line === undefined) return;
    const position = new vscode.Position(line - 1, 0);
    editor.selection = new vscode.Selection(position, position);
    editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
  }

  async #command(id: string, ...args: unknown[]): Promise<void> {
    await vscode.commands.executeCommand(id, ...args);
  }
}

/** Why a launch failed and what to do about it, for the form. */
function reasonOf(error: unknown): string {
  return isProblem(error) && error.hint ? `${error.message} ${error.hint}` : messageOf(error);
}

/** What must be the same for a draft to fit a file: the number and the names of its columns. */
function columnsKey({ columns, hasHeader }: CsvProfile): string {
  return JSON.stringify([hasHeader, columns.map(({ name }) => name)]);
}
