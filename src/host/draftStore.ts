import type * as vscode from 'vscode';
import type { TrainingDraft } from '../core/trainingDraft.ts';
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
    const kept = [...this.#others(path), [path, draft] as const].slice(-keptDrafts);
    await this.state.update(stateKeys.drafts, Object.fromEntries(kept));
  }

  async forget(path: string): Promise<void> {
    await this.state.update(stateKeys.drafts, Object.fromEntries(this.#others(path)));
  }

  #others(path: string): readonly (readonly [string, KeptDraft])[] {
    return Object.entries(this.#all()).filter(([other]) => other !== path);
  }

  #all(): Readonly<Record<string, KeptDraft>> {
    return this.state.get(stateKeys.drafts, {});
  }
}
