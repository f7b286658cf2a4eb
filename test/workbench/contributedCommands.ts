import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandIds, type CommandId } from '../../src/host/manifest.ts';
import type { Workbench } from './driver/workbench.ts';

interface ContributedCommand {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

const manifest = path.join(import.meta.dirname, '../../package.json');
const { contributes } = JSON.parse(readFileSync(manifest, 'utf8')) as {
  readonly contributes: { readonly commands: readonly ContributedCommand[] };
};

/** The commands of package.json, used by their ids: by the titles that a user sees. Notes those that were used. */
export class ContributedCommands {
  readonly #used = new Set<CommandId>();

  constructor(private readonly workbench: Workbench) {}

  /** Commands that the manifest has and that nobody has used yet. */
  get unused(): readonly CommandId[] {
    return commandIds.filter((id) => !this.#used.has(id));
  }

  /** Runs a command from the palette. */
  async run(id: CommandId): Promise<void> {
    const { category, title } = this.#use(id);
    await this.workbench.command(category === undefined ? title : `${category}: ${title}`);
  }

  /** Chooses a command in the menu that is open. */
  async choose(id: CommandId): Promise<void> {
    await this.workbench.menu.click(this.#use(id).title);
  }

  /** Clicks a command's icon in the title of the view. */
  async clickInTitle(id: CommandId): Promise<void> {
    await this.workbench.tree.titleAction(this.#use(id).title);
  }

  /** Clicks a command's icon in a row. */
  async clickInRow(id: CommandId, row: string): Promise<void> {
    await this.workbench.tree.action(row, this.#use(id).title);
  }

  /** Clicks the row that stands for a command and is labelled as it. */
  async clickRow(id: CommandId): Promise<void> {
    await this.workbench.tree.click(this.#use(id).title);
  }

  /** Clicks a command's button in the welcome text. */
  async clickInWelcome(id: CommandId): Promise<void> {
    const button = this.workbench.page.locator('.welcome-view-content .monaco-button');
    await button.filter({ hasText: this.#use(id).title }).click();
  }

  #use(id: CommandId): ContributedCommand {
    const contributed = contributes.commands.find(({ command }) => command === id);
    assert.ok(contributed, `${id} is not contributed`);
    this.#used.add(id);
    return contributed;
  }
}
