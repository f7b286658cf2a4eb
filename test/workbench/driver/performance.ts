import type { Page } from 'playwright-core';
import { copyAll } from './clipboard.ts';
import type { QuickInput } from './quickInput.ts';
import { until } from './until.ts';

/** What VS Code measured while it activated an extension, in milliseconds. */
export interface Activation {
  /** Reading and evaluating the entry bundle. */
  readonly loadMs: number;
  /** The call of `activate()` itself. */
  readonly activateMs: number;
  /** From there until its promise was resolved; other extensions take their turns meanwhile. */
  readonly finishMs: number;
}

/** Text of "Developer: Startup Performance", once its table of activated extensions is there. */
export async function startupPerformance(page: Page, quickInput: QuickInput): Promise<string> {
  await quickInput.command('Developer: Startup Performance');
  const editor = page.locator('.editor-instance .monaco-editor').first();
  await editor.waitFor();
  const text = await until('the figures of startup performance', async () => {
    const figures = await copyAll(page, editor);
    return figures.includes('## Extension Activation Stats') && figures;
  });
  await quickInput.command('View: Close Editor');
  return text;
}

/** The figures of one extension in the text of `startupPerformance`; `undefined` while it is not activated. */
export function readActivation(figures: string, extensionId: string): Activation | undefined {
  const line = figures.split('\n').find((candidate) => candidate.startsWith(`| ${extensionId} `));
  if (line === undefined) return undefined;
  // | Extension | Eager | Load Code | Call Activate | Finish Activate | Event | By |
  const [, , , load, call, finish] = line.split('|').map((cell) => Number(cell.trim()));
  return { loadMs: load!, activateMs: call!, finishMs: finish! };
}
