import type { Frame, Locator } from 'playwright-core';
import type { DraftField } from '../../src/core/trainingDraft.ts';
import { quoted } from './driver/selectors.ts';
import { until } from './driver/until.ts';
import type { Workbench } from './driver/workbench.ts';

/** The training form on screen. */
export class TrainingFormPage {
  private constructor(readonly frame: Frame) {}

  /** Opens the form for a file of the workspace by a right-click in the explorer. */
  static async open(workbench: Workbench, file: string): Promise<TrainingFormPage> {
    await workbench.explorer.contextMenu(file);
    await workbench.menu.click('SageMaker: Train on CSV…');
    return TrainingFormPage.find(workbench);
  }

  /** The form that is open already, once it has read its file. */
  static async find(workbench: Workbench): Promise<TrainingFormPage> {
    return new TrainingFormPage(await workbench.webview('#launch'));
  }

  /** The control of a field. */
  field(name: DraftField): Locator {
    return this.frame.locator(`[data-field=${quoted(name)}]`).first();
  }

  /** Types into a field, or chooses in it. */
  async set(name: DraftField, value: string): Promise<void> {
    const control = this.field(name);
    if (await control.evaluate((element) => element instanceof HTMLSelectElement))
      await control.selectOption(value);
    else await control.fill(value);
  }

  /** Sets hyperparameters by their names, wherever they are folded away. */
  async setHyperparameters(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      const field = `algorithm.hyperparameters.${name}` as const;
      if ((await this.field(field).count()) === 0)
        await this.frame.locator('details[data-fold="allHyperparameters"] > summary').click();
      await this.set(field, value);
    }
  }

  async chooseOrder(order: 'shuffled' | 'file'): Promise<void> {
    await this.frame.locator('#split-order').selectOption(order);
  }

  /** What is wrong, in the words under the fields; repairs stand in brackets. */
  problems(): Promise<string[]> {
    return this.notes('error');
  }

  /** What does not stop a launch but should be known, likewise. */
  warnings(): Promise<string[]> {
    return this.notes('warning');
  }

  /** What is wrong with the columns of the file. */
  findings(): Promise<{ readonly text: string; readonly repairs: readonly string[] }[]> {
    return this.frame.locator('.finding.error').evaluateAll((findings) =>
      findings.map((finding) => ({
        text: (finding.querySelector('.finding-text')?.textContent ?? '').replace(/\s+/g, ' ').trim(),
        repairs: [...finding.querySelectorAll('.repairs button')].map((button) =>
          (button.textContent ?? '').trim(),
        ),
      })),
    );
  }

  /** Why the host refused a launch; waits until it has. */
  async refusal(): Promise<string> {
    return (await this.frame.locator('.bar.error').innerText()).trim();
  }

  /** Whether a launch is under way. */
  async isLaunching(): Promise<boolean> {
    return (await this.frame.locator('#launch').getAttribute('aria-busy')) === 'true';
  }

  /** Leaves a draft that was brought back, if there is one. */
  async startOver(): Promise<void> {
    const bar = this.frame.locator('#continued');
    if ((await bar.count()) === 0) return;
    await bar.locator('button').click();
    await bar.waitFor({ state: 'detached' });
  }

  /** What the launch button says. */
  async launchLabel(): Promise<string> {
    return (await this.frame.locator('#launch').innerText()).trim();
  }

  async launch(): Promise<void> {
    await this.frame.locator('#launch').click();
  }

  /** The full name of the job that was launched, once the form says so. Throws with what the form says instead. */
  async launchedJob(): Promise<string> {
    const bar = this.frame.locator('#launched span[title]').first();
    const refusal = this.frame.locator('.bar.error');
    return until(
      async () => `the launch; the form says: ${(await this.problems()).join(' ')}`,
      async () => {
        if (await refusal.isVisible()) throw new Error(`Not launched: ${await refusal.innerText()}`);
        return (await bar.isVisible()) && ((await bar.getAttribute('title')) ?? undefined);
      },
      30_000,
    );
  }

  private notes(severity: 'error' | 'warning'): Promise<string[]> {
    return this.frame.locator(`.problem.${severity}`).evaluateAll((notes) =>
      notes.map((note) => {
        const texts = [
          note.querySelector(':scope > span:not(.codicon)'),
          ...note.querySelectorAll('button'),
        ].map((part) => (part?.textContent ?? '').trim());
        return texts.map((text, index) => (index === 0 ? text : `[${text}]`)).join(' ');
      }),
    );
  }
}
