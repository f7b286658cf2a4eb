import * as vscode from 'vscode';
import type { Clock } from '../core/clock.ts';
import { Disposables, type Disposable } from '../core/disposables.ts';
import type { Format } from '../core/format.ts';
import { isProblem } from '../core/problem.ts';
import { isFinal, type TrainingJobSummary } from '../core/trainingJob.ts';
import type { Connection } from './connection.ts';
import type { JobFacts } from './jobFacts.ts';
import { JobList } from './jobList.ts';
import { type JobNode, JobsTree } from './jobsTree.ts';
import { listStateContext, stateKeys, trainingJobsView } from './manifest.ts';
import type { ActionRunner } from './runCommand.ts';
import { readSettings } from './settings.ts';
import type { StatusBar } from './statusBar.ts';

export interface ViewServices {
  readonly facts: JobFacts;
  readonly runner: ActionRunner;
  readonly statusBar: StatusBar;
  readonly clock: Clock;
  readonly format: Format;
  readonly state: vscode.Memento;
  /** A finished job is in view and something about it is not known yet. */
  readonly onWanting: (job: TrainingJobSummary) => void;
}

/** Durations of running jobs tick every second. */
const tickMs = 1000;

/** Rows at the top whose facts are read at each change of the list: about those that are in view. */
const askedAtOnce = 20;

/** The view Training Jobs of one connection: its rows, its welcome texts, its badge, its message. */
export class TrainingJobsView implements Disposable {
  readonly list: JobList;
  readonly #tree: JobsTree;
  readonly #view: vscode.TreeView<JobNode>;
  readonly #disposables = new Disposables();
  readonly #connection: Connection;
  readonly #services: ViewServices;
  /** Jobs whose facts were asked for. Some never get any, and must not keep others from being asked for. */
  readonly #askedFor = new Set<string>();
  /** A job that was just launched and is not in the list yet. */
  #toReveal: string | undefined;

  constructor(connection: Connection, services: ViewServices) {
    this.#connection = connection;
    this.#services = services;
    const { clock, facts, format, runner } = services;
    this.list = this.#disposables.add(
      new JobList(connection, clock, () => readSettings().refreshIntervalSeconds),
    );
    this.#tree = this.#disposables.add(new JobsTree(this.list, facts, format, connection.localTrainer));
    this.#view = this.#disposables.add(
      vscode.window.createTreeView(trainingJobsView, {
        treeDataProvider: this.#tree,
        canSelectMany: true,
        showCollapseAll: false,
      }),
    );
    this.#view.description = connection.place.shortLabel;
    this.#disposables.add(this.list.onDidChange((job) => this.#onChange(job)));
    this.#disposables.add(this.#view.onDidChangeVisibility(() => this.#attend()));
    this.#disposables.add(vscode.window.onDidChangeWindowState(() => this.#attend()));
    const timer = setInterval(() => this.#tick(), tickMs);
    this.#disposables.add({ dispose: () => clearInterval(timer) });
    this.#attend();
    void runner.run('Reading the training jobs', () => this.list.run());
    void this.#showState();
  }

  get selection(): readonly JobNode[] {
    return this.#view.selection;
  }

  /** Redraws the row of a job. */
  redraw(job: TrainingJobSummary): void {
    this.#tree.redraw(this.list.find(job.name));
  }

  /** Selects the row of a job without taking the focus, as soon as the list has it. */
  async reveal(jobName: string): Promise<void> {
    this.#toReveal = jobName;
    await this.#revealWanted();
  }

  async dispose(): Promise<void> {
    await this.#disposables.dispose();
  }

  async #revealWanted(): Promise<void> {
    const node = this.#toReveal === undefined ? undefined : this.#tree.nodeOf(this.#toReveal);
    if (!node) return;
    this.#toReveal = undefined;
    if (this.#view.visible) await this.#view.reveal(node, { select: true, focus: false });
  }

  #attend(): void {
    this.list.setAttention({ visible: this.#view.visible, focused: vscode.window.state.focused });
  }

  #onChange(job: TrainingJobSummary | undefined): void {
    this.#tree.redraw(job);
    this.#askForFacts(job ? [job] : this.list.jobs);
    const running = this.list.runningCount;
    const tooltip = running === 1 ? '1 job running' : `${running} jobs running`;
    this.#view.badge = running > 0 ? { value: running, tooltip } : undefined;
    this.#view.description = this.#connection.place.shortLabel;
    this.#services.statusBar.show(this.#connection.place, running);
    void this.#services.runner.run('Showing the list', async () => {
      await this.#showState();
      await this.#revealWanted();
    });
  }

  #askForFacts(jobs: readonly TrainingJobSummary[]): void {
    const { facts, onWanting } = this.#services;
    const wanting = jobs.filter(
      (job) => isFinal(job) && !facts.isComplete(job) && !this.#askedFor.has(askKey(job)),
    );
    for (const job of wanting.slice(0, askedAtOnce)) {
      this.#askedFor.add(askKey(job));
      onWanting(job);
    }
  }

  async #showState(): Promise<void> {
    this.#view.message = this.#message();
    const state = this.#state();
    if (state === 'rows' && !this.#services.state.get<boolean>(stateKeys.used)) {
      await this.#services.state.update(stateKeys.used, true);
    }
    await vscode.commands.executeCommand('setContext', listStateContext, state);
  }

  /** A line above the rows; without rows there is none, as it would take the place of the welcome text. */
  #message(): string {
    const { failure, jobs } = this.list;
    if (jobs.length === 0) return '';
    // The only view of a container shows its title without a description, so the place is told here as well.
    return failure ? staleText(failure, this.#services.format) : this.#connection.place.label;
  }

  #state(): string {
    const { failure, jobs, loaded } = this.list;
    if (jobs.length > 0) return 'rows';
    if (failure) {
      if (isProblem(failure.problem, 'notSignedIn', 'expired')) return 'signedOut';
      if (isProblem(failure.problem, 'accessDenied')) return 'accessDenied';
      return isProblem(failure.problem, 'offline') ? 'offline' : 'failing';
    }
    if (!loaded) return 'loading';
    return this.#services.state.get<boolean>(stateKeys.used) ? this.#connection.emptyState : 'firstUse';
  }

  #tick(): void {
    if (!this.#view.visible) return;
    for (const job of this.list.jobs) if (!isFinal(job)) this.#tree.redraw(job);
  }
}

function staleText(failure: NonNullable<JobList['failure']>, format: Format): string {
  const asOf = failure.readAtMs === undefined ? '' : `As of ${format.clockTime(failure.readAtMs)}. `;
  return `${asOf}${failure.problem.message}`;
}

/** A name that was freed and used again is another job. */
function askKey({ arn, createdMs }: TrainingJobSummary): string {
  return `${arn} ${createdMs}`;
}
