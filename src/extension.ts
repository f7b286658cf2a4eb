import * as vscode from 'vscode';
import { systemClock } from './core/clock.ts';
import { Disposables } from './core/disposables.ts';
import { Format } from './core/format.ts';
import { EndNotices } from './host/announceEnd.ts';
import { ChosenConnection } from './host/chosenConnection.ts';
import { commandTable, commandTitles, registerCommands } from './host/commands.ts';
import { FactsReader } from './host/factsReader.ts';
import { JobChooser } from './host/jobActions.ts';
import { JobDocuments } from './host/jobDocuments.ts';
import { JobFacts } from './host/jobFacts.ts';
import { JobPagesLoader } from './host/jobPagesLoader.ts';
import { JobWatches } from './host/jobWatches.ts';
import { LocalBackend } from './host/localBackend.ts';
import { LogChannels } from './host/logChannels.ts';
import { jobDocumentScheme, jobPageViewType, stateKeys, trainingFormViewType } from './host/manifest.ts';
import { ActionRunner } from './host/runCommand.ts';
import { StatusBar } from './host/statusBar.ts';
import { TrainingFormsLoader } from './host/trainingFormsLoader.ts';
import { TrainingJobsView } from './host/trainingJobsView.ts';

const disposables = new Disposables();

/** Builds the objects and connects them. Nothing here reads a file, calls a service or loads AWS code. */
export function activate(context: vscode.ExtensionContext): void {
  const log = disposables.add(vscode.window.createOutputChannel('SageMaker Jobs', { log: true }));
  const runner = new ActionRunner(log);
  const report = (error: unknown): void => void runner.report('SageMaker Jobs', error);
  const clock = systemClock;
  const format = new Format(vscode.env.language);

  const { version } = context.extension.packageJSON as { version: string };
  const backend = new LocalBackend({
    folder: vscode.Uri.joinPath(context.globalStorageUri, 'local').fsPath,
    extensionPath: context.extensionPath,
    version,
  });
  const chosen = disposables.add(new ChosenConnection(backend, version, report));
  const statusBar = disposables.add(new StatusBar());
  const channels = disposables.add(new LogChannels());
  const facts = new JobFacts(context.globalState);
  const documents = new JobDocuments(() => chosen.current);
  const command = vscode.commands.executeCommand;
  const notices = new EndNotices(
    format,
    (name) => command('sagemakerJobs.openJob', name),
    (name) => command('sagemakerJobs.showLogs', name),
  );
  const reader = disposables.add(new FactsReader(facts, clock, format, (job) => view.redraw(job), report));
  const watches = disposables.add(
    new JobWatches(channels, context.workspaceState, clock, format, {
      onJob: (job, { scope }) => {
        facts.setDescribed(job);
        // A watch outlives a change of the place, whose list shows other jobs.
        if (scope === chosen.current.scope) view.list.update(job);
        documents.refresh(job.name);
      },
      onProgress: (job, progress) => {
        facts.setProgress(job, progress);
        view.redraw(job);
      },
      onEnd: (end, announced) => {
        void runner.run('Telling the end of a job', async () => {
          if (end.rowMetric !== undefined) await facts.setMetric(end.job, end.rowMetric);
          view.redraw(end.job);
          if (announced) await notices.tell(end);
        });
      },
      onError: (jobName, error) => void runner.report(`Following ${jobName}`, error),
    }),
  );
  const pages = disposables.add(
    new JobPagesLoader({
      extensionUri: context.extensionUri,
      connection: () => chosen.current,
      watches,
      runner,
      clock,
      format,
      showJson: (name) => documents.open(name),
    }),
  );
  const openView = (): TrainingJobsView =>
    new TrainingJobsView(chosen.current, {
      facts,
      runner,
      statusBar,
      clock,
      format,
      state: context.globalState,
      onWanting: (job) => reader.want(chosen.current, job),
    });
  let view = openView();
  disposables.add({ dispose: () => view.dispose() });
  const forms = disposables.add(
    new TrainingFormsLoader({
      context,
      connection: () => chosen.current,
      runner,
      clock,
      format,
      onLaunched: async (connection, jobName) => {
        view.list.hurry();
        await watches.launched(connection, jobName);
        await view.reveal(jobName);
      },
    }),
  );
  disposables.add(
    chosen.onDidChange((connection) => {
      void runner.run('Changing the connection', async () => {
        await view.dispose();
        view = openView();
        watches.resume(connection);
        forms.connectionChanged();
        pages.connectionChanged();
      });
    }),
  );
  const table = commandTable({
    context,
    log,
    connection: () => chosen.current,
    backend,
    forms: () => forms.load(),
    view: () => view,
    watches,
    pages,
    jobs: new JobChooser(
      () => chosen.current,
      () => view.list,
      () => view.selection,
    ),
    format,
  });
  disposables.add(registerCommands(table, commandTitles(context.extension.packageJSON), runner));
  disposables.add(vscode.workspace.registerTextDocumentContentProvider(jobDocumentScheme, documents));
  disposables.add(vscode.window.registerWebviewPanelSerializer(trainingFormViewType, forms));
  disposables.add(vscode.window.registerWebviewPanelSerializer(jobPageViewType, pages));
  if (context.globalState.get<boolean>(stateKeys.used)) statusBar.show(chosen.current.place, 0);
  if (watches.hasUnfinished(chosen.current.scope)) watches.resume(chosen.current);
}

/** Lets go of everything; local jobs go on in the backend's own process. */
export async function deactivate(): Promise<void> {
  await disposables.dispose();
}
