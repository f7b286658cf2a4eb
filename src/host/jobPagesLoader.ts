import type * as vscode from 'vscode';
import type { Disposable } from '../core/disposables.ts';
import type { JobPageServices } from './jobPagePanel.ts';
import type { JobPages } from './jobPages.ts';

/** Loads the pages of jobs at their first use: their table of hyperparameters is no part of the start-up. */
export class JobPagesLoader implements vscode.WebviewPanelSerializer, Disposable {
  #loading: Promise<JobPages> | undefined;
  #loaded: JobPages | undefined;

  constructor(private readonly services: JobPageServices) {}

  /** Shows the page of a job. */
  async open(jobName: string, options: { readonly preserveFocus: boolean }): Promise<void> {
    (await this.#load()).open(jobName, options.preserveFocus);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await (await this.#load()).deserializeWebviewPanel(panel, state);
  }

  /** Jobs were deleted: the pages of those that are gone say so. */
  recheck(): void {
    this.#loaded?.recheck();
  }

  connectionChanged(): void {
    this.#loaded?.connectionChanged();
  }

  async dispose(): Promise<void> {
    await this.#loaded?.dispose();
  }

  #load(): Promise<JobPages> {
    this.#loading ??= import('./jobPages.ts').then(({ JobPages }) => {
      this.#loaded = new JobPages(this.services);
      return this.#loaded;
    });
    return this.#loading;
  }
}
