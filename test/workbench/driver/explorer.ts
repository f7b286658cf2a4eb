import type { Locator, Page } from 'playwright-core';
import { Menu } from './menu.ts';
import type { QuickInput } from './quickInput.ts';
import { exactly } from './selectors.ts';

/** The files of the opened folder. */
export class Explorer {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /** Right-clicks a file; answers with the entries of its menu, which stays open. */
  async contextMenu(file: string): Promise<string[]> {
    await this.show();
    await this.item(file).click({ button: 'right' });
    return new Menu(this.page).entries();
  }

  /** Selects a file, or adds it to the selection. */
  async select(file: string, { add = false } = {}): Promise<void> {
    await this.show();
    await this.item(file).click(add ? { modifiers: ['ControlOrMeta'] } : {});
  }

  private async show(): Promise<void> {
    const view = this.page.locator('.explorer-folders-view');
    if (!(await view.isVisible())) await this.quickInput.command('View: Show Explorer');
    await view.waitFor();
  }

  private item(file: string): Locator {
    return this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(file) }) })
      .first();
  }
}
