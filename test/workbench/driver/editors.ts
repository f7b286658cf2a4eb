import type { Locator, Page } from 'playwright-core';
import { copyAll } from './clipboard.ts';
import { Menu } from './menu.ts';

/** The tabs of the editor area, and the text editors in it. */
export class Editors {
  constructor(private readonly page: Page) {}

  /** Brings a tab to the front. */
  async show(title: string): Promise<void> {
    await this.tab(title).click();
  }

  /** Right-clicks a tab; answers with the entries of its menu, which stays open. */
  async contextMenu(title: string): Promise<string[]> {
    await this.tab(title).click({ button: 'right' });
    return new Menu(this.page).entries();
  }

  /** The whole text of the editor in front. */
  text(): Promise<string> {
    return copyAll(this.page, this.front);
  }

  /** Writes at the end of the editor in front, without saving. */
  async append(text: string): Promise<void> {
    await this.front.locator('textarea.inputarea, .native-edit-context').first().focus();
    await this.page.keyboard.press('ControlOrMeta+End');
    await this.page.keyboard.insertText(text);
  }

  /** Whether a tab has unsaved changes. */
  async isDirty(title: string): Promise<boolean> {
    return this.tab(title).evaluate((tab) => tab.classList.contains('dirty'));
  }

  private get front(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  }

  private tab(title: string): Locator {
    return this.page
      .locator('.tabs-container .tab')
      .filter({ has: this.page.locator('.label-name', { hasText: title }) })
      .first();
  }
}
