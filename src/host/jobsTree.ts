import * as vscode from 'vscode';
import { displayName } from '../core/jobName.ts';
import type { Format } from '../core/format.ts';
import { failureCause } from '../core/failureCause.ts';
import { statusText } from '../core/statusText.ts';
import type { Disposable } from '../core/disposables.ts';
import { isFinal, type TrainingJobSummary } from '../core/trainingJob.ts';
import type { JobFacts } from './jobFacts.ts';
import type { JobList } from './jobList.ts';
import { openSelectedJob } from './manifest.ts';

/** A row of the tree: a job, a day that groups jobs, or the last row that loads more. */
export type JobNode =
  | { readonly kind: 'group'; readonly label: string; readonly jobs: readonly TrainingJobSummary[] }
  | { readonly kind: 'job'; readonly job: TrainingJobSummary }
  | { readonly kind: 'more'; readonly loaded: number };

/** Shows a `JobList` as rows; one changed job redraws its own row only. */
export class JobsTree implements vscode.TreeDataProvider<JobNode>, Disposable {
  readonly #changed = new vscode.EventEmitter<JobNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #nodes = new Map<string, JobNode & { kind: 'job' }>();

  constructor(
    private readonly list: JobList,
    private readonly facts: JobFacts,
    private readonly format: Format,
    private readonly local: boolean,
  ) {}

  /** Redraws one row, or all of them. */
  redraw(job?: TrainingJobSummary): void {
    // A job that has ended moves from the group of those that run into its day.
    const moves = job && isFinal(job) && groupByDay(this.list.jobs, Date.now()).length > 1;
    this.#changed.fire(job && !moves ? this.#node(job) : undefined);
  }

  /** The row of a job, for revealing it. */
  nodeOf(name: string): JobNode | undefined {
    const job = this.list.find(name);
    return job && this.#node(job);
  }

  getChildren(parent?: JobNode): JobNode[] {
    if (parent?.kind === 'group') return parent.jobs.map((job) => this.#node(job));
    if (parent) return [];
    const groups = groupByDay(this.list.jobs, Date.now());
    const rows: JobNode[] =
      groups.length > 1
        ? groups.map((group) => ({ kind: 'group', ...group }))
        : this.list.jobs.map((job) => this.#node(job));
    if (this.list.hasMore) rows.push({ kind: 'more', loaded: this.list.jobs.length });
    return rows;
  }

  getParent(node: JobNode): JobNode | undefined {
    if (node.kind !== 'job') return undefined;
    const groups = groupByDay(this.list.jobs, Date.now());
    if (groups.length <= 1) return undefined;
    const group = groups.find(({ jobs }) => jobs.some(({ name }) => name === node.job.name));
    return group && { kind: 'group', ...group };
  }

  getTreeItem(node: JobNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return groupItem(node);
      case 'more':
        return moreItem(node);
      case 'job':
        return this.#jobItem(this.list.find(node.job.name) ?? node.job);
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** The one node of a job. VS Code knows a row by this object: for another one it would redraw nothing. */
  #node(job: TrainingJobSummary): JobNode {
    const known = this.#nodes.get(job.arn);
    if (known) return known;
    const node = { kind: 'job', job } as const;
    this.#nodes.set(job.arn, node);
    return node;
  }

  #jobItem(job: TrainingJobSummary): vscode.TreeItem {
    const { word, icon, color } = statusText(job);
    const label = displayName(job.name);
    const item = new vscode.TreeItem(label);
    item.id = job.arn;
    item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
    item.description = this.#description(job, word);
    item.contextValue = [
      'training',
      isFinal(job) ? 'finished' : 'running',
      ...(this.local ? ['local'] : []),
    ].join(' ');
    item.accessibilityInformation = { label: `${label}, ${item.description.replaceAll(' · ', ', ')}` };
    item.tooltip = this.#tooltip(job, word);
    item.command = { command: openSelectedJob, title: 'Open Job' };
    return item;
  }

  /** Whether another job of the same base name began in the same minute, so that only the seconds tell them apart. */
  #hasTwin(job: TrainingJobSummary): boolean {
    const label = displayName(job.name);
    return this.list.jobs.some(
      (other) => other.name !== job.name && sameMinute(other, job) && displayName(other.name) === label,
    );
  }

  #description(job: TrainingJobSummary, word: string): string {
    const now = Date.now();
    const parts = [word];
    const facts = this.facts.of(job);
    if (job.status === 'Failed')
      parts.push(facts.failureReason ? failureCause(facts.failureReason).phrase : '');
    else if (facts.progress && !isFinal(job)) parts.push(facts.progress);
    else if (facts.metric) parts.push(facts.metric);
    parts.push(this.format.duration((job.endedMs ?? now) - job.createdMs));
    const precision = this.#hasTwin(job) ? 'seconds' : 'minutes';
    if (isFinal(job)) parts.push(this.format.listTime(job.endedMs ?? job.createdMs, now, precision));
    return parts.filter((part) => part !== '').join(' · ');
  }

  #tooltip(job: TrainingJobSummary, word: string): vscode.MarkdownString {
    const facts = this.facts.of(job);
    const tooltip = new vscode.MarkdownString();
    if (facts.failureReason) tooltip.appendCodeblock(facts.failureReason, 'text');
    tooltip.appendMarkdown('**');
    tooltip.appendText(job.name);
    tooltip.appendMarkdown('**\n\n');
    const lines = [
      word,
      facts.image,
      facts.compute,
      facts.metric,
      `created ${new Date(job.createdMs).toISOString()}`,
    ];
    for (const line of lines) {
      if (line) tooltip.appendText(`${line}\n`);
    }
    return tooltip;
  }
}

function groupItem(group: JobNode & { kind: 'group' }): vscode.TreeItem {
  const newest = group.label === 'Running' || group.label === 'Today';
  const state = newest ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(group.label, state);
  item.id = `group:${group.label}`;
  item.description = String(group.jobs.length);
  return item;
}

function moreItem({ loaded }: JobNode & { kind: 'more' }): vscode.TreeItem {
  const item = new vscode.TreeItem('Load More');
  item.id = 'more';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.description = `${loaded} loaded`;
  item.command = { command: 'sagemakerJobs.loadMoreJobs', title: 'Load More' };
  return item;
}

/** `Running` first, then one group a day; a single group when all jobs are of one kind. */
export function groupByDay(
  jobs: readonly TrainingJobSummary[],
  nowMs: number,
): { readonly label: string; readonly jobs: readonly TrainingJobSummary[] }[] {
  const days = new Map<string, TrainingJobSummary[]>();
  const put = (label: string, job: TrainingJobSummary): void => {
    days.set(label, [...(days.get(label) ?? []), job]);
  };
  const dayLabels = new Set(jobs.map((job) => dayLabel(job.createdMs, nowMs)));
  // Groups only help when there is more than one day; on a single day the order says it all.
  if (dayLabels.size <= 1) return jobs.length > 0 ? [{ label: [...dayLabels][0] ?? '', jobs }] : [];
  for (const job of jobs) if (!isFinal(job)) put('Running', job);
  for (const job of jobs) if (isFinal(job)) put(dayLabel(job.createdMs, nowMs), job);
  return [...days].map(([label, members]) => ({ label, jobs: members }));
}

function dayLabel(timeMs: number, nowMs: number): string {
  const day = new Date(timeMs).toDateString();
  if (day === new Date(nowMs).toDateString()) return 'Today';
  const yesterday = new Date(nowMs);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === yesterday.toDateString()) return 'Yesterday';
  const sameYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(vscode.env.language, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(timeMs);
}

function sameMinute(a: TrainingJobSummary, b: TrainingJobSummary): boolean {
  return Math.floor(a.createdMs / 60_000) === Math.floor(b.createdMs / 60_000);
}
