import type { Locator, Page } from 'playwright-core';
import { copyAll } from './clipboard.ts';
import type { QuickInput } from './quickInput.ts';
import { quoted } from './selectors.ts';
import { until } from './until.ts';

/** The Output panel. */
export class Output {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /** Everything that a channel shows. The channel is brought to the front. */
  async text(channel: string): Promise<string> {
    await this.show(channel);
    return copyAll(this.page, this.editor);
  }

  /** Lines of a channel, without the empty last one. */
  async lines(channel: string): Promise<string[]> {
    const text = (await this.text(channel)).replaceAll('\r\n', '\n').replace(/\n$/, '');
    return text === '' ? [] : text.split('\n');
  }

  /** Names of all channels. */
  async channels(): Promise<string[]> {
    await this.open();
    return this.select.locator('option').allTextContents();
  }

  /** Name of the channel that is in front, `undefined` while the panel is closed. */
  async current(): Promise<string | undefined> {
    if (!(await this.select.isVisible())) return undefined;
    return this.select.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.text);
  }

  /** Waits for a channel to exist and brings it to the front. */
  async show(channel: string): Promise<void> {
    if ((await this.current()) !== channel) {
      await this.open();
      await until(
        async () => `the output channel ${channel}; there are: ${(await this.channels()).join(', ')}`,
        async () => (await this.channels()).includes(channel),
      );
      await this.select.selectOption({ label: channel });
    }
    // The name in the list changes before the text does; the editor's label changes with the text.
    await this.editor
      .locator(`[aria-label*=${quoted(channel)}]`)
      .first()
      .waitFor({ state: 'attached' });
  }

  private get panel(): Locator {
    return this.page.locator('.part.panel');
  }

  private get select(): Locator {
    return this.panel.locator('select.monaco-select-box').first();
  }

  private get editor(): Locator {
    return this.panel.locator('.monaco-editor').first();
  }

  private async open(): Promise<void> {
    if (!(await this.select.isVisible())) await this.quickInput.command('Output: Focus on Output View');
    await this.select.waitFor();
  }
}
