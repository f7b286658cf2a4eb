import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { until } from './until.ts';

/**
 * The extension's document inside a webview that has an element `selector`. VS Code puts it two frames deep, into the
 * one named `active-frame`.
 */
export function findWebview(page: Page, selector: string, deadlineMs?: number): Promise<Frame> {
  return until(
    () => `a webview with ${selector}`,
    async () => {
      for (const frame of page.frames()) {
        if (frame.name() !== 'active-frame' && !frame.url().includes('fake.html')) continue;
        // A frame that is just being replaced has no document to ask; the next round sees its successor.
        if (
          await frame
            .locator(selector)
            .count()
            .catch(() => 0)
        )
          return frame;
      }
      return undefined;
    },
    deadlineMs,
  );
}

/** Accessibility problems that axe finds in a webview: one line per rule and element, empty when it is clean. */
export async function accessibilityProblems(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help} (${target.join(' ')}) ${failureSummary?.replace(/\s+/g, ' ') ?? ''}`,
    ),
  );
}
