import { errors, type Locator, type Page } from 'playwright-core';
import { exactly } from './selectors.ts';
import { until } from './until.ts';

/** One row of a quick pick, as it reads. */
export interface QuickPickRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** A row's first line; the second one, its detail, is made of the same elements. */
const labelSelector = '.quick-input-list-row:first-child .label-name';

/** The box at the top of the window: command palette, quick picks, input boxes. */
export class QuickInput {
  constructor(private readonly page: Page) {}

  private get widget(): Locator {
    return this.page.locator('.quick-input-widget:not([style*="display: none"])');
  }

  private get input(): Locator {
    return this.widget.locator('.quick-input-box input');
  }

  private get list(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs a command by the exact title that the palette shows (`SageMaker: Show Logs`). */
  async command(title: string): Promise<void> {
    await this.openPalette(title);
    const row = this.row(title);
    await until(
      async () => `the command ${title} in the palette, which has: ${(await this.labels()).join(' · ')}`,
      async () => (await row.count()) > 0,
    );
    await row.first().click();
  }

  /** Titles that the palette offers for `text`, when they have come to rest. */
  async paletteTitles(text: string): Promise<string[]> {
    await this.openPalette(text);
    let before: string | undefined;
    const titles = await until(`the palette to list what matches ${text}`, async () => {
      const labels = await this.labels();
      const same = before === labels.join('\n');
      before = labels.join('\n');
      return same && labels.length > 0 && labels;
    });
    await this.close();
    return titles;
  }

  /** Rows of the open quick pick. */
  async items(): Promise<QuickPickRow[]> {
    await this.list.first().waitFor();
    return this.list.evaluateAll((rows) =>
      rows.map((row) => {
        const text = (selector: string) => (row.querySelector(selector)?.textContent ?? '').trim();
        return {
          label: text('.label-name'),
          description: text('.label-description'),
          detail: text('.quick-input-list-label-meta'),
        };
      }),
    );
  }

  /** Chooses the row of the open quick pick with exactly this label. */
  async pick(label: string): Promise<void> {
    await this.row(label).first().click();
  }

  /** Types into the open box without accepting it. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** Types into the open box and accepts it. */
  async answer(text: string): Promise<void> {
    await this.input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** What the open input box says about its value, or what it asks for. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').innerText()).trim();
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.input.waitFor({ state: 'hidden' });
  }

  private async openPalette(text: string): Promise<void> {
    // What takes the focus in that moment, such as a page that is being drawn, closes the palette again.
    await until('the palette', async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      try {
        await this.input.fill(`>${text}`, { timeout: 3000 });
        return true;
      } catch (error) {
        if (error instanceof errors.TimeoutError) return false;
        throw error;
      }
    });
  }

  private row(label: string): Locator {
    return this.list.filter({ has: this.page.locator(labelSelector, { hasText: exactly(label) }) });
  }

  private labels(): Promise<string[]> {
    return this.list.locator(labelSelector).allTextContents();
  }
}
