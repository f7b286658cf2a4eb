import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { type GateProxy, startGateProxy } from '../support/gateProxy.ts';
import { until } from './driver/until.ts';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import { removeWorkspace, sample, sampleWorkspace, vsixFile } from './product.ts';
import { TrainingFormPage } from './trainingFormPage.ts';

/** Large enough to be prepared for a while, and to be uploaded in several parts. */
const large = 'measurements.csv';

/** A million rows of columns that predict nothing, 33 MB. */
function largeCsv(): string {
  const begins = Array.from(
    { length: 10_000 },
    (_, row) => `${(row * 7919) % 10_007}.25,${row}.0625,0.${row}`,
  );
  const parts = Array.from({ length: 100 }, (_, part) =>
    begins.map((begin) => `${begin},${part}.125,${part}.5\n`),
  );
  return `height,weight,age,dose,target\n${parts.flat().join('')}`;
}

describe('cancelling a launch', () => {
  let backend: TestBackend;
  let proxy: GateProxy;
  let folder: string;
  let scratch: string;
  let workbench: Workbench;

  before(async () => {
    backend = await startBackend({ region: 'eu-west-1' });
    proxy = await startGateProxy(backend);
    folder = await sampleWorkspace();
    await writeFile(path.join(folder, large), largeCsv());
    scratch = await mkdtemp(path.join(os.tmpdir(), 'cancel-'));
    workbench = await startWorkbench({
      folder,
      vsix: vsixFile(),
      settings: {
        'sagemakerJobs.connection': 'aws',
        'sagemakerJobs.aws.endpoints': { default: proxy.url },
        'sagemakerJobs.roleArn': backend.roleArn,
        'sagemakerJobs.bucket': backend.bucket,
      },
      // The SDK's default chain finds these first, whatever the computer's own AWS configuration says.
      env: {
        AWS_ACCESS_KEY_ID: backend.accessKeyId,
        AWS_SECRET_ACCESS_KEY: backend.secretAccessKey,
        AWS_REGION: backend.region,
        AWS_PROFILE: '',
        AWS_CONFIG_FILE: path.join(scratch, 'no-config'),
        AWS_SHARED_CREDENTIALS_FILE: path.join(scratch, 'no-credentials'),
        TMPDIR: scratch,
      },
    });
  });
  after(async () => {
    await workbench.close();
    await proxy.dispose();
    await backend.dispose();
    await removeWorkspace(folder);
    await rm(scratch, { recursive: true, force: true });
  });

  /** Folders in which a launch prepares its files. */
  async function preparedFolders(): Promise<string[]> {
    return (await readdir(scratch)).filter((name) => name.startsWith('sagemaker-jobs-'));
  }

  /** The form of a file, with a job that does not end by itself. */
  async function openForm(file: string): Promise<{ form: TrainingFormPage; jobName: string }> {
    const form = await TrainingFormPage.open(workbench, file);
    await form.setHyperparameters({ num_round: '100000', early_stopping_rounds: '' });
    return { form, jobName: await form.field('jobName').inputValue() };
  }

  /** Waits until the notification says that the launch is in a phase, and presses its Cancel. */
  async function cancel(phase: RegExp, step: string): Promise<void> {
    const shown = () => workbench.notifications.shown();
    await until(
      async () =>
        `a notification like ${phase}; there are: ${(await shown()).map(({ message }) => message).join(' | ')}`,
      async () => (await shown()).some(({ message }) => phase.test(message)),
      30_000,
    );
    await workbench.notifications.click('Launching', 'Cancel');
    await workbench.screenshot('cancel', step);
  }

  /** What the status bar says in passing, once the launch is over. */
  function flash(): Promise<string> {
    return until('the status bar to tell of the cancel', () => workbench.statusBarItem('Launch of'), 30_000);
  }

  async function assertNothingLeft(before: Inventory, form: TrainingFormPage): Promise<void> {
    assert.deepEqual(await takeInventory(backend), before);
    assert.deepEqual(await preparedFolders(), []);
    assert.deepEqual(await form.problems(), []);
    // What the status bar said must not be taken for the word on the next launch.
    await until('the status bar to be quiet', async () => !(await workbench.statusBarItem('Launch of')));
    await workbench.command('View: Close Editor');
    await until('the form to be gone', () => form.frame.isDetached());
  }

  it('while the data are prepared leaves nothing, and nothing was sent', async () => {
    const { form } = await openForm(large);
    assert.equal(await form.launchLabel(), 'Launch on AWS');
    const before = await takeInventory(backend);
    const sent = proxy.requests.length;
    await form.launch();
    await cancel(/^Launching measurements: Preparing data/, '1-preparing');
    assert.equal(await flash(), 'Launch of measurements cancelled, nothing was created');
    const writes = proxy.requests.slice(sent).filter(({ method, target }) => !target && method !== 'GET');
    assert.deepEqual(writes, []);
    await assertNothingLeft(before, form);
  });

  it('in the middle of a large file removes the parts that were stored', async () => {
    const { form } = await openForm(large);
    const before = await takeInventory(backend);
    const gate = proxy.hold('request', ({ url }) => /[?&]partNumber=3(&|$)/.test(url));
    await form.launch();
    await gate.reached;
    assert.match((await takeInventory(backend)).uploads.join(), /\/train\/train\.csv$/);
    await cancel(
      /^Launching measurements: Uploading train\.csv \(1 of 5\), 16\.\d of [\d.]+ MB$/,
      '2-uploading',
    );
    assert.equal(await flash(), 'Launch of measurements cancelled, nothing was created');
    gate.open();
    await assertNothingLeft(before, form);
  });

  it('between two files removes those that were stored, and counts them', async () => {
    const { form } = await openForm(sample);
    const before = await takeInventory(backend);
    const gate = proxy.hold('request', ({ method, url }) => method === 'PUT' && url.includes('/test.csv'));
    await form.launch();
    await gate.reached;
    assert.equal((await takeInventory(backend)).objects.length, before.objects.length + 2);
    await cancel(/^Launching boston-housing: Uploading /, '3-uploading');
    assert.equal(await flash(), 'Launch of boston-housing cancelled, 2 uploaded files removed');
    gate.open();
    await assertNothingLeft(before, form);
  });

  it('while the job is asked for leaves no job and no file', async () => {
    const { form } = await openForm(sample);
    const before = await takeInventory(backend);
    const gate = proxy.hold('request', ({ target }) => target === 'SageMaker.CreateTrainingJob');
    await form.launch();
    await gate.reached;
    assert.equal((await takeInventory(backend)).objects.length, before.objects.length + 5);
    await cancel(/^Launching boston-housing: Creating the training job$/, '4-creating');
    assert.equal(await flash(), 'Launch of boston-housing cancelled, 5 uploaded files removed');
    gate.open();
    await assertNothingLeft(before, form);
  });

  it('after the job was created stops it, and says that it existed', async () => {
    const { form, jobName } = await openForm(sample);
    const gate = proxy.hold('answer', ({ target }) => target === 'SageMaker.CreateTrainingJob');
    await form.launch();
    await gate.reached;
    await until('the job to train', async () => (await takeInventory(backend)).workers === 1);
    await cancel(/^Launching boston-housing: Creating the training job$/, '5-created');
    const told = await workbench.notifications.waitFor('The job had already been created');
    assert.deepEqual(told, {
      severity: 'warning',
      message: 'The job had already been created and is being stopped. Its name stays taken.',
      buttons: ['Open Job'],
      busy: false,
    });
    gate.open();
    const after = await until('the job to stop', async () => {
      const inventory = await takeInventory(backend);
      return inventory.workers === 0 && inventory;
    });
    assert.equal(after.jobs[jobName], 'Stopped');
    assert.deepEqual(after.uploads, []);
    assert.equal(after.objects.length, 5, 'the data stay with the job that has them');
    assert.deepEqual(await preparedFolders(), []);
    assert.match(
      (await form.problems()).join(),
      /^The name "boston-housing-.*" is already used by a job in eu-west-1\./,
    );
    await workbench.notifications.click('The job had already been created', 'Open Job');
    await until('the job to be open', async () => (await workbench.tabs()).includes('*boston-housing'));
    await workbench.tree.openContainer('SageMaker Jobs');
    await workbench.tree.waitForRow('of the stopped job', ({ description }) =>
      description.startsWith('Stopped'),
    );
    await workbench.tree.action('boston-housing', 'Show Logs');
    const [first] = await until('the log', async () => {
      const lines = await workbench.output.lines(`SageMaker: ${jobName}`);
      return lines.length > 0 && lines;
    });
    assert.equal(first, `▸ ${jobName} · AWS · eu-west-1`, 'the log says where the job ran');
  });
});
