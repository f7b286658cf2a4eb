import * as vscode from 'vscode';
import type { Disposable } from '../core/disposables.ts';
import { trainingFormViewType } from './manifest.ts';
import { TrainingFormPanel, type TrainingFormServices } from './trainingFormPanel.ts';

/** The open training forms, one per file. */
export class TrainingForms implements vscode.WebviewPanelSerializer, Disposable {
  readonly #panels = new Map<string, TrainingFormPanel>();

  constructor(private readonly services: TrainingFormServices) {}

  /** Shows the form of a file, in the tab that it has or in a new one. */
  open(file: vscode.Uri): void {
    const known = this.#panels.get(file.fsPath);
    if (known) {
      known.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(trainingFormViewType, '', vscode.ViewColumn.Active);
    this.#adopt(panel, file);
  }

  /** Fills a tab that VS Code brought back after a reload. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const path = pathOf(state);
    if (path === undefined) panel.dispose();
    else this.#adopt(panel, vscode.Uri.file(path));
  }

  /** Where jobs run has changed: open forms show the new place. */
  connectionChanged(): void {
    for (const panel of this.#panels.values()) panel.connectionChanged();
  }

  async dispose(): Promise<void> {
    for (const panel of this.#panels.values()) await panel.dispose();
    await this.services.csv.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, file: vscode.Uri): void {
    const form = new TrainingFormPanel(panel, file, this.services);
    this.#panels.set(file.fsPath, form);
    panel.onDidDispose(() => {
      if (this.#panels.get(file.fsPath) === form) this.#panels.delete(file.fsPath);
    });
  }
}

/** The file of a saved page state, which comes from outside and may be of an older version. */
function pathOf(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('draft' in state)) return undefined;
  const { draft } = state as { draft?: { data?: { path?: unknown } } };
  return typeof draft?.data?.path === 'string' ? draft.data.path : undefined;
}
