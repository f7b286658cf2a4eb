import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { until } from './driver/until.ts';
import { accessibilityProblems } from './driver/webviews.ts';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { findLocalBackend } from './localBackend.ts';
import { createLike } from './localJobs.ts';
import { removeWorkspace, sample, sampleWorkspace, vsixFile } from './product.ts';
import { TrainingFormPage } from './trainingFormPage.ts';

/** Each test goes on from where the last one ended. */
describe('the page of a job', () => {
  const journey = 'job-page';
  let folder: string;
  let workbench: Workbench;
  /** A job that has completed. */
  let jobName: string;

  before(async () => {
    folder = await sampleWorkspace();
    workbench = await startWorkbench({ folder, vsix: vsixFile() });
    const form = await TrainingFormPage.open(workbench, sample);
    await form.launch();
    jobName = await form.launchedJob();
    await workbench.tree.openContainer('SageMaker Jobs');
    await workbench.tree.waitForRow('of the job', ({ description }) =>
      /^Completed · best /.test(description),
    );
  });
  after(async () => {
    await workbench.close();
    await removeWorkspace(folder);
  });

  it('opens from a row with what became of the job, and leaves the focus in the list', async () => {
    await workbench.tree.click('boston-housing');
    const page = await pageOf(jobName);
    await shows(page, 'header .facts', /^Local · Completed \d\d:\d\d in /);
    await shows(page, '.metrics', /^validation:rmse \d+\.\d{5} best, round \d+ train:rmse \d/);
    assert.equal(await text(page, '[data-fold=compute] .summary'), 'instances recorded, not used locally');
    assert.ok(await workbench.page.evaluate(() => document.activeElement?.closest('.sidebar') !== null));
    const problems: string[] = [];
    await workbench.inEachTheme(journey, '1-completed', async (theme) => {
      problems.push(...(await accessibilityProblems(page)).map((problem) => `${theme}: ${problem}`));
    });
    assert.deepEqual(problems, []);
  });

  it('has one tab per job', async () => {
    await workbench.tree.click('boston-housing');
    const tabs = await workbench.tabs();
    assert.equal(tabs.filter((tab) => tab === '*boston-housing').length, 1, tabs.join('\n'));
  });

  it('shows the job as the service describes it', async () => {
    const page = await pageOf(jobName);
    await page.getByRole('button', { name: 'Show as JSON' }).click();
    await tab(`*${jobName}.json`);
  });

  it('comes back after a reload', async () => {
    await workbench.tree.click('boston-housing');
    await pageOf(jobName);
    // Only the page of a job keeps a member of this name.
    await workbench.editorsKept('placeLabel');
    await workbench.reload();
    const page = await pageOf(jobName);
    await shows(page, 'header .facts', /^Local · Completed /);
  });

  it('follows a job that nobody else follows, in place', async () => {
    await createLike(backend(), jobName, ['endless'], {
      num_round: '1000000',
      early_stopping_rounds: '999999',
    });
    await workbench.tree.titleAction('Refresh');
    await workbench.tree.waitForRow('of the endless job', ({ label }) => label === 'endless');
    await workbench.command('SageMaker: Open Job');
    await workbench.quickInput.type('endless');
    await workbench.page.keyboard.press('Enter');
    const page = await pageOf('endless');
    await shows(page, '.metrics .help', /^\d+ of 1000000 rounds$/);
    await page.evaluate(() => document.querySelector('h1')?.setAttribute('data-same', ''));
    const before = await text(page, '.metrics .help');
    await until('the next round', async () => (await text(page, '.metrics .help')) !== before);
    assert.equal(await page.locator('h1[data-same]').count(), 1);
    await workbench.inEachTheme(journey, '2-running');
  });

  it('goes on when the log is shown, and stops the job', async () => {
    const page = await pageOf('endless');
    await page.getByRole('button', { name: 'Show Logs' }).click();
    await until('the log', async () => (await workbench.output.current()) === 'SageMaker: endless');
    const before = await text(page, '.metrics .help');
    await until('the next round', async () => (await text(page, '.metrics .help')) !== before);
    await page.getByRole('button', { name: 'Stop Job…' }).click();
    await workbench.dialog.read();
    await workbench.dialog.click('Stop Job');
    await shows(page, 'header .facts', /^Local · Stopped \d\d:\d\d in /);
    assert.equal(await text(page, 'button.primary'), 'Show Logs');
  });

  it('says why a job failed', async () => {
    await createLike(backend(), jobName, ['doomed'], { max_depth: 'deep' });
    await workbench.tree.titleAction('Refresh');
    await workbench.tree.waitForRow('of the failed job', ({ label, description }) => {
      return label === 'doomed' && description.startsWith('Failed');
    });
    await workbench.tree.click('doomed');
    const page = await pageOf('doomed');
    await shows(page, '.failure p', /max_depth/i);
    await workbench.inEachTheme(journey, '3-failed');
  });

  it('says that a job is gone once it was deleted, and keeps what it knew', async () => {
    const page = await pageOf('doomed');
    await page.getByRole('button', { name: 'Delete Job…' }).click();
    await workbench.dialog.read();
    await workbench.dialog.click('Delete Job');
    await shows(page, '#notice', /^This job no longer exists\. Its last known state is below\.$/);
    await shows(page, 'header .facts', /^Local · Failed /);
    await workbench.inEachTheme(journey, '4-gone');
  });

  /** The page of a job, once it has heard of the job. */
  async function pageOf(name: string): Promise<Frame> {
    return until(`the page of ${name}`, async () => {
      for (const frame of workbench.page.frames()) {
        const found = await frame
          .locator('.full-name .value', { hasText: new RegExp(`^${name}$`) })
          .count()
          .catch(() => 0);
        if (found > 0) return frame;
      }
      return undefined;
    });
  }

  async function text(page: Frame, selector: string): Promise<string> {
    const words = await page.locator(selector).first().innerText();
    return words.replace(/\s+/g, ' ').trim();
  }

  async function shows(page: Frame, selector: string, expected: RegExp): Promise<void> {
    await until(
      async () => `${expected}; it says ${await text(page, selector).catch(() => 'nothing')}`,
      async () => {
        const there = (await page.locator(selector).count()) > 0;
        return there && expected.test(await text(page, selector));
      },
      60_000,
    );
  }

  async function tab(title: string): Promise<void> {
    await until(`the tab ${title}`, async () => (await workbench.tabs()).includes(title));
  }

  function backend(): NonNullable<ReturnType<typeof findLocalBackend>> {
    const found = findLocalBackend(workbench.server.dataFolder);
    assert.ok(found, 'there is no local backend');
    return found;
  }
});
