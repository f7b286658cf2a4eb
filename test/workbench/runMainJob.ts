import assert from 'node:assert/strict';
import type { TreeRow } from './driver/tree.ts';
import { until } from './driver/until.ts';
import type { Workbench } from './driver/workbench.ts';
import { findLocalBackend, readHyperparameters, readStoredLog } from './localBackend.ts';
import { asShown, isOfJob, jobLine, withoutMilliseconds } from './logOnScreen.ts';
import { sample } from './product.ts';
import { TrainingFormPage } from './trainingFormPage.ts';

/** SageMaker's tutorial on XGBoost, with the metric that makes its early stopping work. */
const tutorial = {
  objective: 'reg:squarederror',
  num_round: '200',
  max_depth: '5',
  eta: '0.2',
  gamma: '4',
  min_child_weight: '6',
  subsample: '0.8',
  early_stopping_rounds: '10',
  eval_metric: 'rmse',
};

const lastLine = /^\S+ ● (Completed|Failed|Stopped|MaxRuntimeExceeded)/;

/** How the job went. */
export interface MainJobResult {
  readonly jobName: string;
  /** The job's row in the Training Jobs view. */
  readonly row: TreeRow;
  readonly logLines: number;
  /** From the click on Launch to the first line of the job's log on screen. */
  readonly firstLineMs: number;
}

/**
 * Trains on the sample data through the user interface: right-click, form, Launch, log. Gives each line of the Output
 * panel to `print` when it appears. Throws when the job does not complete, or its log was not shown as it is stored.
 */
export async function runMainJob(
  workbench: Workbench,
  print: (line: string) => void,
): Promise<MainJobResult> {
  const journey = 'main-job';
  await workbench.explorer.contextMenu(sample);
  await workbench.screenshot(journey, '1-explorer-menu');
  await workbench.menu.click('SageMaker: Train on CSV…');
  const form = await TrainingFormPage.find(workbench);
  await workbench.screenshot(journey, '2-form');
  await form.setHyperparameters(tutorial);
  await form.chooseOrder('shuffled');
  assert.deepEqual(await form.problems(), []);
  await workbench.screenshot(journey, '3-form-filled');

  const firstLine = firstLineOnScreen(workbench, await form.field('jobName').inputValue());
  const launchedAt = performance.now();
  await form.launch();
  const jobName = await form.launchedJob();
  const printed: string[] = [];
  await until(
    () => `the end of ${jobName}`,
    async () => {
      const lines = await workbench.output.lines(`SageMaker: ${jobName}`);
      assert.deepEqual(
        lines.slice(0, printed.length),
        printed,
        'the log on screen changed after it was shown',
      );
      for (const line of lines.slice(printed.length)) print(line);
      printed.splice(0, Infinity, ...lines);
      return lines.some((line) => lastLine.test(line));
    },
    5 * 60_000,
  );
  await workbench.screenshot(journey, '4-log');

  const end = printed.findLast((line) => lastLine.test(line)) ?? '';
  assert.match(end, /● Completed/, `the job did not complete: ${end}`);
  const backend = findLocalBackend(workbench.server.dataFolder);
  assert.ok(backend, 'there is no local backend');
  assert.deepEqual(await readHyperparameters(backend, jobName), tutorial);
  const stored = await readStoredLog(backend, jobName);
  assert.deepEqual(
    printed.filter(isOfJob).map(withoutMilliseconds),
    stored.map(asShown),
    'the Output panel and the stored log differ',
  );
  const firstLineAt = await firstLine;
  assert.ok(stored.length > 0 && firstLineAt !== undefined, 'the job wrote no log');

  await workbench.tree.openContainer('SageMaker Jobs');
  const row = await workbench.tree.waitForRow('of a completed job with its metric', ({ description }) =>
    /^Completed · (best|final) /.test(description),
  );
  await workbench.screenshot(journey, '5-completed');
  return { jobName, row, logLines: stored.length, firstLineMs: firstLineAt - launchedAt };
}

/** When the first line that a job wrote was on screen; `undefined` when that did not happen. The page itself looks. */
async function firstLineOnScreen({ page }: Workbench, jobName: string): Promise<number | undefined> {
  const onScreen = page.waitForFunction(
    ({ channel, line }) => {
      const panel = document.querySelector('.part.panel');
      const labels = [...(panel?.querySelectorAll('[aria-label]') ?? [])];
      if (!labels.some((element) => element.getAttribute('aria-label')?.includes(channel))) return false;
      const lines = [...(panel?.querySelectorAll('.view-line') ?? [])];
      return lines.some(({ textContent }) =>
        new RegExp(line).test(textContent?.replaceAll('\u00a0', ' ') ?? ''),
      );
    },
    { channel: `SageMaker: ${jobName}`, line: jobLine.source },
    { timeout: 60_000 },
  );
  return onScreen.then(
    () => performance.now(),
    // The wait that comes next tells better what went wrong.
    () => undefined,
  );
}
