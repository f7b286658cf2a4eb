import type { Handlers } from '../../src/protocol/rpc.ts';
import type { TrainingFormHost, TrainingFormPage } from '../../src/protocol/trainingForm.ts';
import { aState } from './fixtures.ts';
import { type OpenOptions as OpenPageOptions, type OpenPage, WebviewHarness } from './webviewHarness.ts';

export { until } from './webviewHarness.ts';

export type OpenForm = OpenPage<TrainingFormHost, TrainingFormPage>;
export type OpenOptions = OpenPageOptions<TrainingFormHost>;

/** The training form in a browser, over a host that launches whatever it is asked to. */
export type FormHarness = WebviewHarness<TrainingFormHost, TrainingFormPage>;

const host: Handlers<TrainingFormHost> = {
  load: () => aState(),
  edited: () => ({ problems: [] }),
  inspectAgain: () => aState(),
  startOver: () => aState(),
  launch: ({ draft }) => ({
    launched: true,
    jobName: draft.jobName,
    atMs: Date.now(),
    nextJobName: 'boston-housing-next',
  }),
  chooseAnotherFile: () => undefined,
  changePlace: () => undefined,
  openJob: () => undefined,
  showLogs: () => undefined,
  openSource: () => undefined,
};

export function startFormHarness(): Promise<FormHarness> {
  return WebviewHarness.start('trainingForm', 'Train: boston-housing.csv', host);
}
