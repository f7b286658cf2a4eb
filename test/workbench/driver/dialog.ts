import type { Locator, Page } from 'playwright-core';

/** The modal question that is open. */
export class Dialog {
  constructor(private readonly page: Page) {}

  private get box(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Waits for a dialog and reads it. Its buttons come in alphabetical order, as their own differs by platform. */
  async read(): Promise<{ message: string; detail: string; buttons: string[] }> {
    await this.box.waitFor();
    const detail = this.box.locator('.dialog-message-detail');
    return {
      message: (await this.box.locator('.dialog-message').innerText()).trim(),
      detail: (await detail.isVisible()) ? (await detail.innerText()).trim() : '',
      buttons: (await this.box.locator('.dialog-buttons .monaco-button').allTextContents()).sort(),
    };
  }

  async click(button: string): Promise<void> {
    await this.box.locator('.monaco-button', { hasText: button }).click();
    await this.box.waitFor({ state: 'detached' });
  }
}
