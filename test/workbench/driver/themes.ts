import type { Page } from 'playwright-core';
import type { QuickInput } from './quickInput.ts';
import { until } from './until.ts';

/** The colour themes that everything is looked at in; `hc` is high contrast. */
export const themes = ['light', 'dark', 'hc'] as const;
export type Theme = (typeof themes)[number];

/** For each theme its label in the picker, the class of the workbench and that of a webview's body. */
const details = {
  light: { label: 'Light Modern', workbench: 'vs', webview: 'vscode-light' },
  dark: { label: 'Dark Modern', workbench: 'vs-dark', webview: 'vscode-dark' },
  hc: { label: 'Dark High Contrast', workbench: 'hc-black', webview: 'vscode-high-contrast' },
} satisfies Record<Theme, object>;

export async function currentTheme(page: Page): Promise<Theme> {
  const classes = await page.locator('.monaco-workbench').evaluate((element) => [...element.classList]);
  const theme = themes.find((name) => classes.includes(details[name].workbench));
  if (theme === undefined)
    throw new Error(`The workbench has none of the known themes: ${classes.join(' ')}`);
  return theme;
}

/** Chooses a theme in the picker and waits until the workbench and every webview show it. */
export async function chooseTheme(page: Page, quickInput: QuickInput, theme: Theme): Promise<void> {
  if ((await currentTheme(page)) === theme) return;
  const { label, workbench, webview } = details[theme];
  await quickInput.command('Preferences: Color Theme');
  await quickInput.type(label);
  await quickInput.pick(label);
  await page.locator(`.monaco-workbench.${workbench}`).waitFor();
  const documents = page.frames().filter((frame) => frame.name() === 'active-frame');
  for (const frame of documents)
    await until(`the webview to become ${theme}`, () =>
      frame.evaluate((name) => document.body.classList.contains(name), webview),
    );
}
