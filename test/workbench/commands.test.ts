import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BackendAddress } from '../../src/backend/rendezvous.ts';
import { ContributedCommands } from './contributedCommands.ts';
import { Editors } from './driver/editors.ts';
import type { TreeRow } from './driver/tree.ts';
import { until } from './driver/until.ts';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { findLocalBackend } from './localBackend.ts';
import { createLike, listJobs } from './localJobs.ts';
import { readObjects } from './localObjects.ts';
import { removeWorkspace, sample, sampleWorkspace, vsixFile } from './product.ts';
import { TrainingFormPage } from './trainingFormPage.ts';

const samplePath = path.join(import.meta.dirname, '../../media/samples', sample);
const formTab = `Train: ${sample}`;

/** Begins with an empty folder and a product that was never used; each test goes on from where the last one ended. */
describe('each command', () => {
  const journey = 'commands';
  let folder: string;
  let workbench: Workbench;
  let commands: ContributedCommands;
  let editors: Editors;
  /** A job that has completed. */
  let jobName: string;

  before(async () => {
    folder = await sampleWorkspace();
    await rm(path.join(folder, sample));
    workbench = await startWorkbench({ folder, vsix: vsixFile(), settings: { 'files.autoSave': 'off' } });
    commands = new ContributedCommands(workbench);
    editors = new Editors(workbench.page);
  });
  after(async () => {
    await workbench.close();
    await removeWorkspace(folder);
  });

  it('starts from a view that says what to do first', async () => {
    await workbench.tree.openContainer('SageMaker Jobs');
    const text = await until('the welcome text', async () => (await workbench.tree.welcome()) || undefined);
    assert.match(text, /^Train XGBoost on a CSV file and watch the log here\. It runs on this computer/);
    assert.match(text, /Open Sample Data/);
    await workbench.inEachTheme(journey, '1-first-use');
  });

  it('openSample puts the sample data into the folder and opens it', async () => {
    await commands.clickInWelcome('sagemakerJobs.openSample');
    await until('the sample in an editor', async () => (await workbench.tabs()).includes(`*${sample}`));
    assert.equal(await readFile(path.join(folder, sample), 'utf8'), await readFile(samplePath, 'utf8'));
  });

  it('trainOnCsv opens the form from the tab of the file', async () => {
    const entries = await editors.contextMenu(sample);
    assert.ok(entries.includes('SageMaker: Train on CSV…'), entries.join('\n'));
    await workbench.screenshot(journey, '2-tab-menu');
    await commands.choose('sagemakerJobs.trainOnCsv');
    await TrainingFormPage.find(workbench);
    // Side by side from here on: a form that is hidden and shown again is loaded anew each time.
    await workbench.command('View: Move Editor into Right Group');
    await formInFront();
  });

  it('trainOnCsv asks for the file when it is run from the palette', async () => {
    await editors.show(sample);
    await commands.run('sagemakerJobs.trainOnCsv');
    const items = await workbench.quickInput.items();
    assert.deepEqual(
      items.map(({ label }) => label),
      [sample, 'Browse…'],
    );
    assert.equal(items[0]!.description, '');
    assert.match(items[0]!.detail, /^35\.3 KB · changed \d\d:\d\d$/);
    await workbench.screenshot(journey, '3-which-file');
    await workbench.quickInput.pick(sample);
    await formInFront();
  });

  it('createTrainingJob asks the same, from the title of the view', async () => {
    await editors.show(sample);
    await commands.clickInTitle('sagemakerJobs.createTrainingJob');
    await workbench.quickInput.items();
    await workbench.quickInput.pick(sample);
    await formInFront();
  });

  it('trains on the saved file when the unsaved changes are left out', async () => {
    await editors.show(sample);
    await editors.append('0.1,0,8,0,0.5,6,60,4,4,300,20,390,10,21.5\n');
    assert.ok(await editors.isDirty(sample));
    const form = await launchForm();
    const question = await workbench.dialog.read();
    await workbench.screenshot(journey, '4-unsaved-changes');
    assert.deepEqual(question, {
      message: `Save ${sample} before training?`,
      detail: 'It has unsaved changes, and training reads the file on disk.',
      buttons: ['Cancel', 'Save and Train', 'Train on the Saved File'],
    });
    await workbench.dialog.click('Train on the Saved File');
    jobName = await form.launchedJob();
    assert.ok(await editors.isDirty(sample), 'the changes were saved all the same');
    assert.equal(await rowsOf(jobName), 506);
    await waitForState('boston-housing', 'Completed');
  });

  it('saves and trains', async () => {
    const form = await launchForm();
    await workbench.dialog.read();
    await workbench.dialog.click('Save and Train');
    const saved = await form.launchedJob();
    assert.notEqual(saved, jobName);
    assert.equal(await editors.isDirty(sample), false);
    assert.equal(await rowsOf(saved), 507);
    await until('both rows to be those of completed jobs', async () => {
      const states = (await rows()).map(({ description }) => description.split(' · ')[0]);
      return states.join() === 'Completed,Completed';
    });
    const [newest] = await rows();
    assert.equal(newest?.selected, true, 'the row of the job that was just launched is not selected');
  });

  it('showOutput shows the log of the extension', async () => {
    await commands.run('sagemakerJobs.showOutput');
    await until('the log', async () => (await workbench.output.current()) === 'SageMaker Jobs');
  });

  it('showLogs shows the log of a row', async () => {
    await commands.clickInRow('sagemakerJobs.showLogs', 'boston-housing');
    await until('the log of the newest job', async () =>
      /^SageMaker: boston-housing-/.test((await workbench.output.current()) ?? ''),
    );
  });

  it('openJob shows the page of a job, and from there the job as the service describes it', async () => {
    await commands.run('sagemakerJobs.openJob');
    const items = await workbench.quickInput.items();
    assert.deepEqual(
      items.map(({ label, description }) => `${label} ${description}`),
      ['boston-housing Completed', 'boston-housing Completed'],
    );
    await workbench.screenshot(journey, '5-which-job');
    await workbench.quickInput.type(jobName);
    await workbench.page.keyboard.press('Enter');
    const page = await workbench.webview('.full-name');
    assert.equal((await page.locator('.full-name').innerText()).trim(), jobName);
    await workbench.inEachTheme(journey, '6-job');
    await page.getByRole('button', { name: 'Show as JSON' }).click();
    await until('the job in an editor', async () => (await workbench.tabs()).includes(`*${jobName}.json`));
    const job = JSON.parse(await editors.text()) as Record<string, unknown>;
    assert.equal(job['TrainingJobName'], jobName);
    assert.equal(job['TrainingJobStatus'], 'Completed');
  });

  it('copyName and copyArn fill the clipboard, also by key', async () => {
    await workbench.tree.contextMenu('boston-housing');
    await workbench.screenshot(journey, '7-row-menu');
    await commands.choose('sagemakerJobs.copyName');
    const name = await clipboard((text) => text.startsWith('boston-housing-'));
    await workbench.tree.contextMenu('boston-housing');
    await commands.choose('sagemakerJobs.copyArn');
    const arn = await clipboard((text) => text.startsWith('arn:'));
    // A key is for the selected row: still that of the job that was launched last.
    await workbench.page.keyboard.press('ControlOrMeta+C');
    assert.equal(await clipboard((text) => !text.startsWith('arn:')), name);
    assert.match(arn, new RegExp(`^arn:aws:sagemaker:us-east-1:\\d{12}:training-job/${name}$`));
  });

  it('refresh shows a job that somebody else has created', async () => {
    await createLike(backend(), jobName, ['endless'], {
      num_round: '1000000',
      early_stopping_rounds: '999999',
      // Deep trees that hardly change anything: slow rounds to the end, so that the log stays small.
      max_depth: '12',
      eta: '0.0001',
    });
    await commands.clickInTitle('sagemakerJobs.refresh');
    const row = await waitForRow('endless', ({ description }) => description.startsWith('Training'));
    assert.equal(row.icon, 'loading');
  });

  it('stopJob stops a running job after a question, and its log says so', async () => {
    await commands.clickInRow('sagemakerJobs.showLogs', 'endless');
    await until('the first round in the log', async () =>
      (await workbench.output.lines('SageMaker: endless')).some((line) => /\[0\]\ttrain-rmse/.test(line)),
    );
    await workbench.inEachTheme(journey, '8-running');
    await commands.clickInRow('sagemakerJobs.stopJob', 'endless');
    const question = await workbench.dialog.read();
    await workbench.screenshot(journey, '9-stop');
    assert.deepEqual(question, {
      message: 'Stop "endless"?',
      detail:
        'Training ends within 120 seconds. XGBoost saves no model unless save_model_on_termination is true.',
      buttons: ['Cancel', 'Stop Job'],
    });
    await workbench.dialog.click('Stop Job');
    const row = await waitForState('endless', 'Stopped');
    assert.equal(row.icon, 'circle-slash');
    const last = await until('the end of the log', async () =>
      (await workbench.output.lines('SageMaker: endless')).find((line) => /^\S+ ● Stopped/.test(line)),
    );
    assert.match(last, /^\d\d:\d\d:\d\d\.\d{3} ● Stopped/);
  });

  it('deleteJob removes the record of a job after a question', async () => {
    await workbench.tree.contextMenu('endless');
    await commands.choose('sagemakerJobs.deleteJob');
    assert.deepEqual(await workbench.dialog.read(), {
      message: 'Delete "endless"?',
      detail: "Removes the job's record from Local and frees its name. Data and model in S3 stay.",
      buttons: ['Cancel', 'Delete Job'],
    });
    await workbench.dialog.click('Delete Job');
    await until('the row to go', async () => !(await rows()).some(({ label }) => label === 'endless'));
    assert.equal((await listJobs(backend())).includes('endless'), false);
  });

  it('loadMoreJobs reads what comes after the first hundred', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `many-${String(index).padStart(3, '0')}`);
    await createLike(backend(), jobName, names, { num_round: '1', early_stopping_rounds: '1' });
    await commands.clickInTitle('sagemakerJobs.refresh');
    await waitForRow('many-099', () => true);
    await workbench.page.keyboard.press('Escape');
    await scrollToEnd();
    const more = await waitForRow('Load More', () => true);
    assert.equal(more.description, '100 loaded');
    await workbench.screenshot(journey, '10-load-more');
    await commands.clickRow('sagemakerJobs.loadMoreJobs');
    await until('the rest of the rows', async () => {
      await scrollToEnd();
      const labels = (await rows()).map(({ label }) => label);
      return (
        !labels.includes('Load More') && labels.filter((label) => label === 'boston-housing').length === 2
      );
    });
  });

  it('resetLocal deletes all jobs after saying how much they hold', async () => {
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await workbench.theme(theme);
      await commands.run('sagemakerJobs.resetLocal');
      await workbench.dialog.read();
      await workbench.screenshot(journey, '11-delete-all');
      await workbench.dialog.click('Cancel');
    }
    await commands.run('sagemakerJobs.resetLocal');
    const { message, detail, buttons } = await workbench.dialog.read();
    assert.equal(message, 'Delete all local jobs?');
    assert.match(
      detail,
      /^Removes 102 jobs and [\d.]+ [KM]B of data and logs from this computer\.( \d+ jobs? still running will be stopped\.)? Your CSV files and AWS are untouched\. This can't be undone\.$/,
    );
    assert.deepEqual(buttons, ['Cancel', 'Delete All']);
    await workbench.dialog.click('Delete All');
    const text = await until('the empty view', async () => {
      const welcome = await workbench.tree.welcomeIfShown();
      return welcome?.startsWith('No training jobs in Local.') && welcome;
    });
    assert.match(text, /Right-click a CSV file in the Explorer to train on it\.\s+Create Training Job…/);
    await workbench.inEachTheme(journey, '12-empty');
    assert.deepEqual(await listJobs(backend()), []);
    assert.equal((await readFile(path.join(folder, sample), 'utf8')).split('\n').length, 509);
  });

  it('is contributed by the manifest and was used above', () => {
    assert.deepEqual(commands.unused, []);
  });

  function backend(): BackendAddress {
    const found = findLocalBackend(workbench.server.dataFolder);
    assert.ok(found, 'there is no local backend');
    return found;
  }

  /** Waits until the form is the active editor, by the title of the window. */
  async function formInFront(): Promise<TrainingFormPage> {
    await until('the form in front', async () => (await workbench.page.title()).startsWith(formTab));
    return TrainingFormPage.find(workbench);
  }

  async function launchForm(): Promise<TrainingFormPage> {
    await editors.show(formTab);
    const form = await formInFront();
    await form.launch();
    return form;
  }

  /** How many rows of the source a job was made from. */
  async function rowsOf(name: string): Promise<number> {
    const objects = await readObjects(backend(), `sagemaker-jobs/${name}/about/`);
    const { split } = JSON.parse(objects['columns.json'] ?? '') as {
      split: { rows: Record<string, number> };
    };
    return Object.values(split.rows).reduce((sum, part) => sum + part, 0);
  }

  function rows(): Promise<TreeRow[]> {
    return workbench.tree.rows();
  }

  function waitForRow(label: string, wanted: (row: TreeRow) => boolean): Promise<TreeRow> {
    return workbench.tree.waitForRow(`of ${label}`, (row) => row.label === label && wanted(row), 60_000);
  }

  function waitForState(label: string, state: string): Promise<TreeRow> {
    return waitForRow(label, ({ description }) => description.startsWith(state));
  }

  async function clipboard(wanted: (text: string) => boolean): Promise<string> {
    return until('the clipboard', async () => {
      const text = await workbench.page.evaluate(() => navigator.clipboard.readText());
      return wanted(text) && text;
    });
  }

  async function scrollToEnd(): Promise<void> {
    await workbench.page.locator('.part.sidebar .monaco-list').first().focus();
    await workbench.page.keyboard.press('End');
  }
});
