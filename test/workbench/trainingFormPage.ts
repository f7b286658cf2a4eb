import { type Frame, type Locator } from 'playwright-core';
import { type DraftField } from '../../src/core/trainingDraft.ts';
import { quoted } from './driver/selectors.ts';
import { until } from './driver/until.ts';
import { type Workbench } from './driver/workbench.ts';

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

  /** What is wrong, in the words under the fields. */
  async problems(): Promise<string[]> {
    return (await this.frame.locator('.problem.error').allInnerTexts()).map((text) => text.trim());
  }

  /** What does not stop a launch but should be known, in the words under the fields. */
  async warnings(): Promise<string[]> {
    return (await this.frame.locator('.problem.warning').allInnerTexts()).map((text) => text.trim());
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
}
