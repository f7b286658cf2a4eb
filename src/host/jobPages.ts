import * as vscode from 'vscode';
import type { Disposable } from '../core/disposables.ts';
import type { JobPageId } from '../protocol/jobPage.ts';
import { JobPagePanel, type JobPageServices } from './jobPagePanel.ts';
import { jobPageViewType } from './manifest.ts';

/** The open pages of jobs, one per job. */
export class JobPages implements vscode.WebviewPanelSerializer, Disposable {
  readonly #panels = new Map<string, JobPagePanel>();

  constructor(private readonly services: JobPageServices) {}

  /** Shows the page of a job, in the tab that it has or in a new one beside the other pages. */
  open(jobName: string, preserveFocus: boolean): void {
    const { scope, place } = this.services.connection();
    const id: JobPageId = { jobName, scope, placeLabel: place.shortLabel };
    const known = this.#panels.get(key(id));
    if (known) {
      known.reveal(preserveFocus);
      return;
    }
    const [other] = this.#panels.values();
    const viewColumn = other?.viewColumn ?? vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(jobPageViewType, '', { viewColumn, preserveFocus });
    this.#adopt(panel, id);
  }

  /** Fills a tab that VS Code brought back after a reload. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = idOf(state);
    if (id === undefined || this.#panels.has(key(id))) panel.dispose();
    else this.#adopt(panel, id);
  }

  /** Jobs were deleted: the pages of those that are gone say so. */
  recheck(): void {
    for (const panel of this.#panels.values()) panel.recheck();
  }

  connectionChanged(): void {
    for (const panel of this.#panels.values()) panel.connectionChanged();
  }

  async dispose(): Promise<void> {
    for (const panel of this.#panels.values()) await panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, id: JobPageId): void {
    const page = new JobPagePanel(panel, id, this.services);
    this.#panels.set(key(id), page);
    panel.onDidDispose(() => {
      if (this.#panels.get(key(id)) === page) this.#panels.delete(key(id));
    });
  }
}

function key({ scope, jobName }: JobPageId): string {
  return `${scope}\n${jobName}`;
}

/** The job of a saved page state, which comes from outside and may be of an older version. */
function idOf(state: unknown): JobPageId | undefined {
  if (typeof state !== 'object' || state === null || !('id' in state)) return undefined;
  const { jobName, scope, placeLabel } =
    (state as { id: Partial<Record<keyof JobPageId, unknown>> }).id ?? {};
  return typeof jobName === 'string' && typeof scope === 'string' && typeof placeLabel === 'string'
    ? { jobName, scope, placeLabel }
    : undefined;
}
