import type { Locator, Page } from 'playwright-core';
import { exactly } from './selectors.ts';
import { until } from './until.ts';

/** The context menu that is open. */
export class Menu {
  constructor(private readonly page: Page) {}

  private get root(): Locator {
    return this.page
      .locator('.context-view .monaco-menu .monaco-action-bar, .monaco-menu-container .monaco-action-bar')
      .last();
  }

  /** Its entries from top to bottom; separators read `---`. */
  async entries(): Promise<string[]> {
    await this.root.waitFor();
    return this.root.locator('.action-item').evaluateAll((items) =>
      items.map((item) => {
        const label = item.querySelector('.action-label');
        if (!label || label.classList.contains('separator')) return '---';
        return (label.getAttribute('aria-label') ?? label.textContent ?? '').trim();
      }),
    );
  }

  async click(label: string): Promise<void> {
    const entry = this.root
      .locator('.action-menu-item')
      .filter({ has: this.page.locator('.action-label', { hasText: exactly(label) }) })
      .first();
    await entry.click();
    // In its first 100 ms a menu takes no click, so that the one that opened it does not choose from it.
    await until(`the menu to take a click on ${label}`, async () => {
      if ((await this.root.count()) === 0) return true;
      await entry.click({ timeout: 500 }).catch(() => undefined);
      return undefined;
    });
    // Where the entry was, the hover of what is behind it would open and cover more.
    await this.page.mouse.move(0, 0);
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.root.waitFor({ state: 'hidden' });
  }
}
