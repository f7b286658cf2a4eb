import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** The whole text of an editor. The page holds the visible lines only, so it is selected and copied, as a person would. */
export async function copyAll(page: Page, editor: Locator): Promise<string> {
  const mark = `mark ${Math.random()}`;
  // First, because the clipboard is there only for a document that has the focus, which may be in a webview.
  await editor.locator('textarea.inputarea, .native-edit-context').first().focus();
  await page.evaluate((text) => navigator.clipboard.writeText(text), mark);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+C');
  const text = await until('the editor to be copied', async () => {
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    return copied !== mark && { copied };
  });
  // Back to the end, where an output channel goes on scrolling with what is added.
  await page.keyboard.press('ControlOrMeta+End');
  return text.copied;
}
