import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BackendAddress } from '../../src/backend/rendezvous.ts';
import type { TreeRow } from './driver/tree.ts';
import { until } from './driver/until.ts';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { takeInventory } from './inventory.ts';
import { findLocalBackend, readStoredLog, type StoredLine } from './localBackend.ts';
import { asShown, isOfJob, isOfRound, withoutMilliseconds } from './logOnScreen.ts';
import { removeWorkspace, sample, sampleWorkspace, vsixFile } from './product.ts';
import { seededRandom } from '../support/random.ts';
import { TrainingFormPage } from './trainingFormPage.ts';

/** Rows for a job that takes some ten seconds, so that there is time to do something while it runs. */
const long = 'readings.csv';
const longRounds = 2000;

function longCsv(): string {
  const random = seededRandom(1);
  const names = Array.from({ length: 10 }, (_, column) => `sensor${column}`);
  const rows = Array.from({ length: 20_000 }, () => {
    const values = names.map(() => random());
    return [...values, values[0]! * values[1]! + Math.sin(9 * values[2]!)]
      .map((value) => value.toFixed(5))
      .join(',');
  });
  return `${[[...names, 'target'].join(','), ...rows].join('\n')}\n`;
}

describe('several windows and one local backend', () => {
  let folder: string;
  let otherFolder: string;
  /** The window that launches. */
  let first: Workbench;
  let second: Workbench;
  /** Opened after the other two were closed. */
  let third: Workbench;
  let jobName: string;
  let logOfFirstJob: readonly StoredLine[];

  before(async () => {
    folder = await sampleWorkspace();
    await writeFile(path.join(folder, long), longCsv());
    otherFolder = await sampleWorkspace();
    first = await startWorkbench({
      folder,
      vsix: vsixFile(),
      settings: { 'sagemakerJobs.refreshInterval': 1 },
    });
  });
  after(async () => {
    await (third ?? second ?? first).close();
    await removeWorkspace(folder);
    await removeWorkspace(otherFolder);
  });

  function backend(): BackendAddress {
    const address = findLocalBackend(first.server.dataFolder);
    assert.ok(address, 'there is no local backend');
    return address;
  }

  async function statusOf(name: string): Promise<string | undefined> {
    return (await takeInventory(backend())).jobs[name];
  }

  async function launch(workbench: Workbench, file: string, rounds: number): Promise<string> {
    const form = await TrainingFormPage.open(workbench, file);
    await form.setHyperparameters({ num_round: String(rounds), early_stopping_rounds: '' });
    await form.launch();
    const name = await form.launchedJob();
    await workbench.command('View: Close Editor');
    return name;
  }

  async function row(workbench: Workbench, label: string, state: RegExp): Promise<TreeRow> {
    await workbench.tree.openContainer('SageMaker Jobs');
    return workbench.tree.waitForRow(
      `${label} that is ${state}`,
      (shown) => shown.label === label && state.test(shown.description),
      60_000,
    );
  }

  function roundsShown(workbench: Workbench, name: string): Promise<string[]> {
    return workbench.output.lines(`SageMaker: ${name}`).then((lines) => lines.filter(isOfRound));
  }

  it('show the same jobs', async () => {
    second = await first.openWindow(otherFolder);
    await second.tree.openContainer('SageMaker Jobs');
    await first.page.bringToFront();
    jobName = await launch(first, long, longRounds);
    const rows = [await row(first, 'readings', /^Training/), await row(second, 'readings', /^Training/)];
    const [name] = rows.map(({ ariaLabel }) => ariaLabel.split(',')[0]);
    assert.ok(rows.every(({ ariaLabel }) => ariaLabel.startsWith(`${name},`)));
    await second.screenshot('windows', '1-second-window');
  });

  it('may be closed one after the other, and the job goes on to its end', async () => {
    await first.closeWindow();
    await second.page.bringToFront();
    await second.tree.action('readings', 'Show Logs');
    const before = (await roundsShown(second, jobName)).length;
    await until(
      'rounds that were trained after the launching window was closed',
      async () => (await roundsShown(second, jobName)).length > before + 10,
      30_000,
    );
    const context = second.page.context();
    await second.closeWindow();
    assert.equal(context.pages().length, 0);
    assert.equal(await statusOf(jobName), 'InProgress', 'the job ended before the windows were closed');
    await until('the job to end', async () => (await statusOf(jobName)) !== 'InProgress', 60_000);
    assert.equal(await statusOf(jobName), 'Completed');
  });

  it('show the whole log, each line once, when they are opened after all others were closed', async () => {
    third = await second.openWindow(folder);
    const { buttons } = await third.notifications.waitFor('readings completed in', 30_000);
    assert.deepEqual(buttons, ['Open Job', 'Show Logs']);
    await row(third, 'readings', /^Completed · final validation:rmse /);
    await third.tree.action('readings', 'Show Logs');
    logOfFirstJob = await readStoredLog(backend(), jobName);
    const shown = await until('the last word on the job', async () => {
      const lines = await third.output.lines(`SageMaker: ${jobName}`);
      return lines.some((line) => line.includes('● Completed')) && lines;
    });
    assert.deepEqual(shown.filter(isOfJob).map(withoutMilliseconds), logOfFirstJob.map(asShown));
    assert.equal(shown.filter(isOfRound).length, longRounds);
    await third.screenshot('windows', '2-window-after-all-were-closed');
    await third.notifications.clearAll();
  });

  it('lose a job, and nothing else, when the backend is killed while it runs', async () => {
    const killed = await launch(third, long, 100_000);
    await until('rounds of the job', async () => (await roundsShown(third, killed)).length > 10, 30_000);
    const before = await takeInventory(backend());
    assert.deepEqual(before.jobs, { [jobName]: 'Completed', [killed]: 'InProgress' });
    const logBefore = await readStoredLog(backend(), killed);
    const { pid } = backend();
    process.kill(pid, 'SIGKILL');

    const failed = await row(third, 'readings', /^Failed/);
    assert.equal(failed.icon, 'error');
    assert.match(failed.description, /^Failed · \S.* · /);
    await third.screenshot('windows', '3-backend-killed');
    assert.notEqual(backend().pid, pid);
    assert.deepEqual(await takeInventory(backend()), {
      ...before,
      jobs: { [jobName]: 'Completed', [killed]: 'Failed' },
      workers: 0,
    });
    assert.deepEqual(await readStoredLog(backend(), jobName), logOfFirstJob);
    const logAfter = await readStoredLog(backend(), killed);
    assert.deepEqual(logAfter.slice(0, logBefore.length), logBefore);
    const shown = await until('the last word on the job', async () => {
      const lines = await third.output.lines(`SageMaker: ${killed}`);
      return lines.some((line) => line.includes('● Failed')) && lines;
    });
    assert.match(shown.at(-1) ?? '', /● Failed {2,}\S.* · /, 'the reason is told');
    assert.deepEqual(shown.filter(isOfJob).map(withoutMilliseconds), logAfter.map(asShown));
  });

  it('go on with the next backend', async () => {
    const next = await launch(third, sample, 50);
    await until('the job to end', async () => (await statusOf(next)) !== 'InProgress', 30_000);
    assert.equal(await statusOf(next), 'Completed');
    await row(third, 'boston-housing', /^Completed · final validation:rmse .* · /);
  });
});
