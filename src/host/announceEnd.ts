import * as vscode from 'vscode';
import { failureCause } from '../core/failureCause.ts';
import type { Format } from '../core/format.ts';
import { displayName } from '../core/jobName.ts';
import type { TrainingJob } from '../core/trainingJob.ts';
import type { WatchEnd } from './jobWatch.ts';
import { readSettings, suppressPrompt } from './settings.ts';

/** From this many notices of a window on, the last button offers to show no more. */
const offerSilenceFrom = 5;

/** Tells the end of watched jobs: one notification each, with the way to the job and to its log. */
export class EndNotices {
  #told = 0;

  constructor(
    private readonly format: Format,
    private readonly openJob: (jobName: string) => unknown,
    private readonly showLogs: (jobName: string) => unknown,
  ) {}

  async tell({ job, metric }: WatchEnd): Promise<void> {
    if (readSettings().suppressPrompts['jobFinished']) return;
    this.#told += 1;
    const silence = "Don't Show Again";
    const buttons = ['Open Job', 'Show Logs', ...(this.#told >= offerSilenceFrom ? [silence] : [])];
    const choice = await show(job, endText(job, metric, this.format), buttons);
    if (choice === 'Open Job') await this.openJob(job.name);
    if (choice === 'Show Logs') await this.showLogs(job.name);
    if (choice === silence) await suppressPrompt('jobFinished');
  }
}

/** What became of a job, in a sentence or two. */
export function endText(job: TrainingJob, metric: string | undefined, format: Format): string {
  const name = displayName(job.name);
  const runtime = format.duration((job.endedMs ?? job.createdMs) - job.createdMs);
  if (job.status === 'Completed') {
    const sentence = metric === undefined ? '' : ` ${metric.charAt(0).toUpperCase()}${metric.slice(1)}.`;
    return `${name} completed in ${runtime}.${sentence}`;
  }
  if (job.status === 'Failed')
    return `${name} failed after ${runtime}: ${failureCause(job.failureReason ?? '').phrase}.`;
  if (job.secondaryStatus === 'MaxRuntimeExceeded') return `${name} hit its maximum run time (${runtime}).`;
  return `${name} was stopped after ${runtime}.`;
}

function show(job: TrainingJob, text: string, buttons: string[]): Thenable<string | undefined> {
  if (job.status === 'Completed') return vscode.window.showInformationMessage(text, ...buttons);
  if (job.status === 'Failed') return vscode.window.showErrorMessage(text, ...buttons);
  return vscode.window.showWarningMessage(text, ...buttons);
}
