import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from './driver/until.ts';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import { findLocalBackend } from './localBackend.ts';
import { removeWorkspace, sample, sampleWorkspace, vsixFile } from './product.ts';
import { TrainingFormPage } from './trainingFormPage.ts';

const rows = (...lines: string[]): string => `${lines.join('\n')}\n`;
const numbered = (line: (row: number) => string): string[] =>
  Array.from({ length: 20 }, (_, row) => line(row));

/** Files that nobody can train on as they are. */
const files: Readonly<Record<string, string | Buffer>> = {
  'empty.csv': '',
  'one-column.csv': rows('price', '1', '2', '3', '4'),
  'two-rows.csv': rows('size,price', '1,2', '3,5'),
  'picture.csv': Buffer.from('89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61', 'hex'),
  'text.csv': rows(
    'size,rooms,price',
    ...numbered((row) => `${row}.5,${row === 15 ? 'n/a' : row % 4},${row * 3}`),
  ),
  'constant.csv': rows('size,rooms,target', ...numbered((row) => `${row * row}.5,${row % 4},7`)),
  'vanishing.csv': rows('size,rooms,target', ...numbered((row) => `${row * row}.5,${row % 4},${row % 3}`)),
  'changing.csv': rows('size,rooms,target', ...numbered((row) => `${row * row}.5,${row % 4},${row % 3}`)),
};

describe('input that nobody can train on', () => {
  let folder: string;
  let workbench: Workbench;
  let atFirst: Inventory;

  before(async () => {
    folder = await sampleWorkspace();
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
    workbench = await startWorkbench({ folder, vsix: vsixFile() });
    // The first form starts the backend, and one job is there whose name is taken.
    const form = await TrainingFormPage.open(workbench, sample);
    await form.set('jobName', 'boston');
    await form.setHyperparameters({ num_round: '2' });
    await form.launch();
    await form.launchedJob();
    atFirst = await until('the job to end', async () => {
      const inventory = await takeInventory(backend());
      return inventory.jobs['boston'] === 'Completed' && inventory.workers === 0 && inventory;
    });
  });
  after(async () => {
    await workbench.close();
    await removeWorkspace(folder);
  });
  afterEach(async () => {
    assert.deepEqual(await takeInventory(backend()), atFirst, 'something was sent');
    await workbench.command('View: Close All Editors');
    await until('the forms to be gone', async () => (await workbench.tabs()).length === 0);
  });

  function backend() {
    const address = findLocalBackend(workbench.server.dataFolder);
    assert.ok(address, 'there is no local backend');
    return address;
  }

  /** Presses Launch, and waits until the form has taken that as a no. */
  async function launchInVain(form: TrainingFormPage): Promise<void> {
    await form.launch();
    await until('the form to refuse the launch', async () => !(await form.isLaunching()));
    assert.equal(await form.frame.locator('#launched').count(), 0, 'the form says that it launched');
  }

  /** The form of the sample with one field set wrongly, after a vain launch; answers with what it says and offers. */
  async function sampleWith(change: (form: TrainingFormPage) => Promise<void>): Promise<string[]> {
    const form = await TrainingFormPage.open(workbench, sample);
    await form.startOver();
    await change(form);
    await launchInVain(form);
    return form.problems();
  }

  for (const [file, sentence] of [
    ['empty.csv', "Can't train on empty.csv: the file is empty."],
    [
      'one-column.csv',
      "Can't train on one-column.csv: the file has one column; a label and at least one feature are needed.",
    ],
    ['two-rows.csv', "Can't train on two-rows.csv: the file has 2 rows; at least 3 are needed to split it."],
    [
      'picture.csv',
      "Can't train on picture.csv: the file is not UTF-8 text; UTF-16 and binary files can’t be read.",
    ],
  ] as const) {
    it(`is refused with its cause: ${file}`, async () => {
      await workbench.explorer.contextMenu(file);
      await workbench.menu.click('SageMaker: Train on CSV…');
      const frame = await workbench.webview('.centred');
      assert.equal((await frame.locator('h1').innerText()).trim(), sentence);
      assert.deepEqual(await frame.locator('button').allInnerTexts(), ['Choose Another File…']);
      await workbench.screenshot('bad-inputs', file);
    });
  }

  it('has text in a column of numbers: says where, and offers repairs', async () => {
    const form = await TrainingFormPage.open(workbench, 'text.csv');
    await launchInVain(form);
    assert.deepEqual(await form.findings(), [
      {
        text: '"rooms" has text in 1 row (line 17: "n/a"). XGBoost reads numbers only. line 17',
        repairs: ['Treat as Missing', 'Drop Column'],
      },
    ]);
    await workbench.screenshot('bad-inputs', 'text.csv');
  });

  it('has a label that is always the same', async () => {
    const form = await TrainingFormPage.open(workbench, 'constant.csv');
    await form.set('data.labelColumn', '2');
    await launchInVain(form);
    assert.deepEqual(await form.problems(), [
      '"target" is 7 in every row, so there is nothing to learn. Choose another label column.',
    ]);
  });

  it('is a job name that is taken: offers the next one', async () => {
    assert.deepEqual(await sampleWith((form) => form.set('jobName', 'boston')), [
      'The name "boston" is already used by a job in us-east-1. [Use boston-2]',
    ]);
  });

  it('is a job name that is too long', async () => {
    assert.deepEqual(await sampleWith((form) => form.set('jobName', 'b'.repeat(70))), [
      'At most 63 characters: shorten the name by 7.',
    ]);
  });

  it('is a hyperparameter out of its range', async () => {
    assert.deepEqual(await sampleWith((form) => form.setHyperparameters({ subsample: '0' })), [
      'Must be more than 0 and at most 1. XGBoost refuses 0. [Reset to 1]',
    ]);
  });

  it('is early stopping without rows to validate on', async () => {
    const message =
      'Early stopping needs validation rows, and Validation is 0 %. [Use 15 %] [Turn Off Early Stopping]';
    const problems = await sampleWith(async (form) => {
      await form.frame.locator('#split-train').fill('85');
      await form.frame.locator('#split-validation').fill('0');
    });
    assert.deepEqual(problems, [message, message]);
  });

  it('is early stopping without a metric: a warning before the launch, which stays possible', async () => {
    const form = await TrainingFormPage.open(workbench, sample);
    await form.startOver();
    await form.set('algorithm.hyperparameters.eval_metric', '');
    await until('the warning', async () => (await form.warnings()).length > 0);
    assert.deepEqual(await form.warnings(), [
      'Without eval_metric the container ignores early stopping and runs all 100 rounds. [Use rmse] [Turn Off Early Stopping]',
    ]);
    assert.deepEqual(await form.problems(), []);
  });

  it('is an objective that XGBoost does not have', async () => {
    const form = await TrainingFormPage.open(workbench, sample);
    await form.startOver();
    // Nobody can choose it in the drop-down: only a page that is not what it should be sends it.
    await form.field('algorithm.hyperparameters.objective').evaluate((element) => {
      const select = element as HTMLSelectElement;
      select.add(new Option('reg:squareerror', 'reg:squareerror'));
      select.value = 'reg:squareerror';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await launchInVain(form);
    assert.deepEqual(await form.problems(), [
      'XGBoost has no objective "reg:squareerror". Did you mean reg:squarederror? [Use reg:squarederror]',
    ]);
  });

  it('is a file that was deleted while its form was open', async () => {
    const form = await TrainingFormPage.open(workbench, 'vanishing.csv');
    await rm(path.join(folder, 'vanishing.csv'));
    await launchInVain(form);
    assert.equal(await form.refusal(), "Can't train on vanishing.csv: the file is not there any more.");
    assert.deepEqual(await workbench.notifications.shown(), []);
  });

  it('is a file whose columns changed while its form was open', async () => {
    const form = await TrainingFormPage.open(workbench, 'changing.csv');
    await writeFile(
      path.join(folder, 'changing.csv'),
      rows('size,floors,target', ...numbered((row) => `${row * row}.5,${row % 4},${row % 3}`)),
    );
    await form.frame.locator('#file-changed').waitFor();
    await launchInVain(form);
    assert.equal(
      await form.refusal(),
      'The columns of changing.csv have changed, so nothing was sent. Read the file again.',
    );
    await form.frame.locator('#file-changed button').click();
    await until('the new columns', async () =>
      (await form.field('data.labelColumn').innerText()).includes('floors'),
    );
    assert.equal(await form.frame.locator('#file-changed').count(), 0);
  });

  it('is a file in which text turned up while its form was open', async () => {
    await writeFile(path.join(folder, 'changing.csv'), files['changing.csv']!);
    const form = await TrainingFormPage.open(workbench, 'changing.csv');
    await writeFile(
      path.join(folder, 'changing.csv'),
      rows(
        'size,rooms,target',
        ...numbered((row) => `${row * row}.5,${row === 3 ? 'many' : row % 4},${row % 3}`),
      ),
    );
    await form.frame.locator('#file-changed').waitFor();
    await launchInVain(form);
    assert.deepEqual(
      (await form.findings()).map(({ text }) => text),
      ['"rooms" has text in 1 row (line 5: "many"). XGBoost reads numbers only.'],
    );
  });
});
