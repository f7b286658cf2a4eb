import type * as vscode from 'vscode';
import { type TrainingDraft } from '../core/trainingDraft.ts';
import { stateKeys } from './manifest.ts';

export interface KeptDraft {
  readonly draft: TrainingDraft;
  /** The columns that the draft was made for. */
  readonly columns: string;
  readonly savedMs: number;
}

/** Files whose draft is kept in a workspace; the one edited longest ago goes first. */
const keptDrafts = 50;

/** The drafts of the training form, by the path of their file. They outlive the window. */
export class DraftStore {
  constructor(private readonly state: vscode.Memento) {}

  find(path: string): KeptDraft | undefined {
    return this.#all()[path];
  }

  async keep(path: string, draft: KeptDraft): Promise<void> {
    const { [path]: _before, ...others } = this.#all();
    const kept = Object.fromEntries([...Object.entries(others), [path, draft]].slice(-keptDrafts));
    await this.state.update(stateKeys.drafts, kept);
  }

  async forget(path: string): Promise<void> {
    const { [path]: _dropped, ...others } = this.#all();
    await this.state.update(stateKeys.drafts, others);
  }

  #all(): Readonly<Record<string, KeptDraft>> {
    return this.state.get(stateKeys.drafts, {});
  }
}
