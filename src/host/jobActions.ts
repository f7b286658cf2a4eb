import * as vscode from 'vscode';
import { displayName } from '../core/jobName.ts';
import { Problem } from '../core/problem.ts';
import { isFinal, type TrainingJob, type TrainingJobSummary } from '../core/trainingJob.ts';
import type { Connection } from './connection.ts';
import type { JobList } from './jobList.ts';
import type { JobNode } from './jobsTree.ts';
import { statusText } from '../core/statusText.ts';

/** What a command on a job is called with: a row, a name, the selected rows (by a key), or nothing (the palette). */
export type JobArgument = JobNode | string | SelectedRows | undefined;

/** The `args` of the key bindings in package.json: a key is for the rows that are selected, the palette for any job. */
export interface SelectedRows {
  readonly kind: 'selected';
}

/** Finds out which jobs a command means; asks when nothing says it. Empty when the user gave up. */
export class JobChooser {
  constructor(
    private readonly connection: () => Connection,
    private readonly list: () => JobList,
    private readonly selection: () => readonly JobNode[],
  ) {}

  /** `fits` keeps the question to jobs that the command is for. */
  async choose(
    argument: JobArgument,
    others: readonly JobNode[] | undefined,
    title: string,
    fits: (job: TrainingJobSummary) => boolean = () => true,
  ): Promise<readonly TrainingJobSummary[]> {
    if (typeof argument === 'string') return [this.list().find(argument) ?? (await this.#describe(argument))];
    const rows = others && others.length > 0 ? others : this.#rows(argument);
    const jobs = rows.flatMap((row) => (row.kind === 'job' ? [row.job] : []));
    if (jobs.length > 0) return jobs.map((job) => this.list().find(job.name) ?? job);
    return this.#ask(title, fits);
  }

  #rows(argument: Exclude<JobArgument, string>): readonly JobNode[] {
    if (argument === undefined) return [];
    return argument.kind === 'selected' ? this.selection() : [argument];
  }

  async #ask(
    title: string,
    fits: (job: TrainingJobSummary) => boolean,
  ): Promise<readonly TrainingJobSummary[]> {
    const list = this.list();
    if (!list.loaded) await list.refresh();
    const jobs = list.jobs.filter(fits);
    if (jobs.length === 0) {
      void vscode.window.showInformationMessage(
        `There is no training job for "${title}" in ${this.connection().place.shortLabel}.`,
      );
      return [];
    }
    const items = jobs.map((job) => {
      const { word, icon } = statusText(job);
      return { label: `$(${icon}) ${displayName(job.name)}`, description: word, detail: job.name, job };
    });
    const choice = await vscode.window.showQuickPick(items, {
      title,
      matchOnDetail: true,
      placeHolder: 'Which job?',
    });
    return choice ? [choice.job] : [];
  }

  async #describe(name: string): Promise<TrainingJob> {
    const job = await this.connection().use(({ jobs }) => jobs.describe(name));
    if (!job) throw new Problem('notFound', `There is no training job "${name}" any more.`);
    return job;
  }
}

/** Stops jobs after one question. Answers those whose stop was asked for. */
export async function stopJobs(
  connection: Connection,
  jobs: readonly TrainingJobSummary[],
): Promise<readonly TrainingJobSummary[]> {
  const running = jobs.filter((job) => !isFinal(job));
  if (running.length === 0) {
    void vscode.window.showInformationMessage('The job has already ended.');
    return [];
  }
  const detail =
    'Training ends within 120 seconds. XGBoost saves no model unless save_model_on_termination is true.';
  if (!(await confirm('Stop', running, detail))) return [];
  for (const { name } of running) await connection.use((session) => session.jobs.stop(name));
  return running;
}

/** Deletes the records of jobs that have ended, after one question. Answers those that are gone. */
export async function deleteJobs(
  connection: Connection,
  jobs: readonly TrainingJobSummary[],
): Promise<readonly TrainingJobSummary[]> {
  const finished = jobs.filter((job) => isFinal(job));
  if (finished.length === 0) {
    void vscode.window.showInformationMessage('The job is still running. Stop it before you delete it.');
    return [];
  }
  const detail = `Removes the job's record from ${connection.place.shortLabel} and frees its name. Data and model in S3 stay.`;
  if (!(await confirm('Delete', finished, detail))) return [];
  for (const { name } of finished) await connection.use((session) => session.jobs.delete(name));
  return finished;
}

/** One question for one job or for many; the button is the verb. */
async function confirm(
  verb: 'Stop' | 'Delete',
  jobs: readonly TrainingJobSummary[],
  detail: string,
): Promise<boolean> {
  const names = jobs.map(({ name }) => displayName(name));
  const [only] = names;
  const question = names.length === 1 ? `${verb} "${only}"?` : `${verb} ${names.length} jobs?`;
  const button = names.length === 1 ? `${verb} Job` : `${verb} ${names.length} Jobs`;
  const choice = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: names.length === 1 ? detail : `${names.join(', ')}\n\n${detail}` },
    button,
  );
  return choice === button;
}
