import * as vscode from 'vscode';
import type { Clock } from '../core/clock.ts';
import type { Disposable } from '../core/disposables.ts';
import type { Format } from '../core/format.ts';
import type { Connection } from './connection.ts';
import type { ActionRunner } from './runCommand.ts';
import type { TrainingForms } from './trainingForms.ts';

export interface FormsOptions {
  readonly context: vscode.ExtensionContext;
  readonly connection: () => Connection;
  readonly runner: ActionRunner;
  readonly clock: Clock;
  readonly format: Format;
  readonly onLaunched: (connection: Connection, jobName: string) => Promise<void>;
}

/** Loads the training form at its first use: its tables of hyperparameters and images are no part of the start-up. */
export class TrainingFormsLoader implements vscode.WebviewPanelSerializer, Disposable {
  #loading: Promise<TrainingForms> | undefined;
  #loaded: TrainingForms | undefined;

  constructor(private readonly options: FormsOptions) {}

  load(): Promise<TrainingForms> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await (await this.load()).deserializeWebviewPanel(panel, state);
  }

  connectionChanged(): void {
    this.#loaded?.connectionChanged();
  }

  async dispose(): Promise<void> {
    await this.#loaded?.dispose();
  }

  async #load(): Promise<TrainingForms> {
    const [{ TrainingForms }, { CsvClient }, { DraftStore }] = await Promise.all([
      import('./trainingForms.ts'),
      import('../worker/csvClient.ts'),
      import('./draftStore.ts'),
    ]);
    const { context, ...rest } = this.options;
    const csv = new CsvClient({
      workerUrl: new URL(vscode.Uri.joinPath(context.extensionUri, 'dist', 'csvWorker.js').toString()),
    });
    const drafts = new DraftStore(context.workspaceState);
    this.#loaded = new TrainingForms({ extensionUri: context.extensionUri, csv, drafts, ...rest });
    return this.#loaded;
  }
}
