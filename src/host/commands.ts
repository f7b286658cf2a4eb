import * as vscode from 'vscode';
import type { Format } from '../core/format.ts';
import { Problem } from '../core/problem.ts';
import { isFinal } from '../core/trainingJob.ts';
import { chooseCsv } from './chooseCsv.ts';
import type { Connection } from './connection.ts';
import { deleteJobs, type JobArgument, type JobChooser, type SelectedRows, stopJobs } from './jobActions.ts';
import type { JobPagesLoader } from './jobPagesLoader.ts';
import type { JobNode } from './jobsTree.ts';
import type { JobWatches } from './jobWatches.ts';
import type { LocalBackend } from './localBackend.ts';
import { type CommandId, openSelectedJob } from './manifest.ts';
import { resetLocal } from './resetLocal.ts';
import type { ActionRunner } from './runCommand.ts';
import { openSample } from './sampleData.ts';
import type { TrainingForms } from './trainingForms.ts';
import type { TrainingJobsView } from './trainingJobsView.ts';

export interface CommandServices {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly connection: () => Connection;
  readonly backend: LocalBackend;
  readonly forms: () => Promise<TrainingForms>;
  readonly view: () => TrainingJobsView;
  readonly watches: JobWatches;
  readonly pages: JobPagesLoader;
  readonly jobs: JobChooser;
  readonly format: Format;
}

type Action = (argument: never, others: never) => unknown;

/** Every command of the manifest, and what it does. */
export function commandTable(services: CommandServices): Readonly<Record<CommandId, Action>> {
  const { connection, context, format, jobs, log, pages, view, watches } = services;
  return {
    'sagemakerJobs.trainOnCsv': (uri: vscode.Uri | undefined) => trainOnCsv(services, uri),
    'sagemakerJobs.createTrainingJob': () => trainOnCsv(services, undefined),
    'sagemakerJobs.openJob': async (job: JobArgument, others?: readonly JobNode[]) => {
      // Whoever opens one row after the other goes on in the list; who names a job wants to read its page.
      const preserveFocus = typeof job === 'object';
      for (const { name } of await jobs.choose(job, others, 'Open Job'))
        await pages.open(name, { preserveFocus });
    },
    'sagemakerJobs.showLogs': async (job: JobArgument, others?: readonly JobNode[]) => {
      for (const { name } of await jobs.choose(job, others, 'Show Logs')) watches.showLog(connection(), name);
    },
    'sagemakerJobs.stopJob': async (job: JobArgument, others?: readonly JobNode[]) => {
      const chosen = await jobs.choose(job, others, 'Stop Job', (each) => !isFinal(each));
      for (const { name } of await stopJobs(connection(), chosen)) watches.refresh(connection(), name);
      view().list.hurry();
    },
    'sagemakerJobs.deleteJob': async (job: JobArgument, others?: readonly JobNode[]) => {
      const chosen = await jobs.choose(job, others, 'Delete Job', isFinal);
      for (const { name } of await deleteJobs(connection(), chosen)) await watches.forget(connection(), name);
      pages.recheck();
      await view().list.refresh();
    },
    'sagemakerJobs.copyArn': async (job: JobArgument, others?: readonly JobNode[]) => {
      await copy((await jobs.choose(job, others, 'Copy ARN')).map(({ arn }) => arn));
    },
    'sagemakerJobs.copyName': async (job: JobArgument, others?: readonly JobNode[]) => {
      await copy((await jobs.choose(job, others, 'Copy Name')).map(({ name }) => name));
    },
    'sagemakerJobs.refresh': () => view().list.refresh(),
    'sagemakerJobs.loadMoreJobs': () => view().list.loadMore(),
    'sagemakerJobs.resetLocal': async () => {
      if (!(await resetLocal(services.backend, format))) return;
      await watches.forgetAll('local');
      pages.recheck();
      await view().list.refresh();
    },
    'sagemakerJobs.openSample': () => openSample(context),
    'sagemakerJobs.showOutput': () => log.show(true),
  };
}

/** Registers the table; each action runs behind the one edge that shows and logs what goes wrong. */
export function registerCommands(
  table: Readonly<Record<CommandId, Action>>,
  titles: ReadonlyMap<string, string>,
  runner: ActionRunner,
): vscode.Disposable {
  const open = (): Thenable<unknown> =>
    vscode.commands.executeCommand('sagemakerJobs.openJob', { kind: 'selected' } satisfies SelectedRows);
  return vscode.Disposable.from(
    vscode.commands.registerCommand(openSelectedJob, open),
    ...Object.entries(table).map(([id, action]) =>
      vscode.commands.registerCommand(id, (...args: never[]) =>
        runner.run(titles.get(id) ?? id, () => action(args[0] as never, args[1] as never)),
      ),
    ),
  );
}

/** The titles of the manifest without their ellipsis, for messages. */
export function commandTitles(manifest: unknown): ReadonlyMap<string, string> {
  const { commands } = (manifest as { contributes: { commands: { command: string; title: string }[] } })
    .contributes;
  return new Map(commands.map(({ command, title }) => [command, title.replace(/…$/, '')]));
}

async function trainOnCsv({ forms, format }: CommandServices, uri: vscode.Uri | undefined): Promise<void> {
  const file = uri ?? (await chooseCsv(format));
  if (!file) return;
  if (file.scheme !== 'file') {
    throw new Problem(
      'badCsv',
      `Can't train on ${vscode.workspace.asRelativePath(file)}: it is not a file on a disk.`,
      {
        hint: 'Save it to a folder first.',
      },
    );
  }
  (await forms()).open(file);
}

async function copy(texts: readonly string[]): Promise<void> {
  if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join('\n'));
}
