import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { systemClock } from '../../src/core/clock.ts';
import { Format } from '../../src/core/format.ts';
import type { TrainingJobSummary } from '../../src/core/trainingJob.ts';
import type { Connection } from '../../src/host/connection.ts';
import { JobFacts } from '../../src/host/jobFacts.ts';
import { JobList } from '../../src/host/jobList.ts';
import { type JobNode, JobsTree } from '../../src/host/jobsTree.ts';

/** A moment of today, in the middle of a minute whatever the time of day. */
const now = Math.floor(Date.now() / 60_000) * 60_000;
const day = 24 * 60 * 60_000;

function aJob(name: string, members: Partial<TrainingJobSummary> = {}): TrainingJobSummary {
  const arn = `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`;
  return { name, arn, status: 'Completed', createdMs: now, endedMs: now + 1000, ...members };
}

function running(name: string): TrainingJobSummary {
  const { arn, createdMs } = aJob(name);
  return { name, arn, createdMs, status: 'InProgress', secondaryStatus: 'Training' };
}

/** A tree over jobs that were put into its list, newest first; nothing asks a service. */
function treeOf(...jobs: readonly TrainingJobSummary[]) {
  const state: Memento = {
    keys: () => [],
    get: (_: string, value?: unknown) => value,
    update: async () => {},
  };
  const list = new JobList({} as Connection, systemClock, () => 0);
  for (const job of jobs.toReversed()) list.update(job);
  const tree = new JobsTree(list, new JobFacts(state), new Format('en'), true);
  const redrawn: (JobNode | undefined)[] = [];
  tree.onDidChangeTreeData((node) => redrawn.push(node));
  list.onDidChange((job) => tree.redraw(job));
  const rows = (parent?: JobNode) =>
    tree.getChildren(parent).map((node) => {
      const { label, description } = tree.getTreeItem(node);
      assert.ok(typeof label === 'string' && typeof description === 'string');
      return `${label}: ${description}`;
    });
  return { list, tree, redrawn, rows };
}

describe('JobsTree', () => {
  it('redraws the row that VS Code knows when a job changes', () => {
    const { list, tree, redrawn, rows } = treeOf(running('boston'));
    const [row] = tree.getChildren();
    list.update(aJob('boston'));
    assert.equal(redrawn.length, 1);
    assert.equal(redrawn[0], row);
    assert.match(rows()[0]!, /^boston: Completed · 1 s · /);
  });

  it('groups by day what is older than today, with the running jobs first', () => {
    const { rows, tree } = treeOf(running('new'), aJob('today'), aJob('old', { createdMs: now - 40 * day }));
    const [first, second] = tree.getChildren();
    assert.deepEqual(rows().slice(0, 2), ['Running: 1', 'Today: 1']);
    assert.match(rows(first)[0]!, /^new: Training · /);
    assert.match(rows(second)[0]!, /^today: Completed · /);
  });

  it('moves a job that has ended into the group of its day', () => {
    const { list, redrawn, rows } = treeOf(running('new'), aJob('old', { createdMs: now - 40 * day }));
    list.update(aJob('new'));
    assert.deepEqual(redrawn, [undefined]);
    assert.equal(rows()[0], 'Today: 1');
  });

  it('tells jobs of the same base name and minute apart by the seconds', () => {
    const base = 'boston-2026-11-22-14-02';
    const { rows } = treeOf(
      aJob(`${base}-31-120`, { endedMs: now + 31_000 }),
      aJob(`${base}-05-001`, { endedMs: now + 5_000 }),
      aJob('wine-2026-11-22-14-02-06-000', { endedMs: now + 6_000 }),
    );
    const seconds = rows().map((row) => /^(\w+): .* · \d\d:\d\d(:\d\d)?$/.exec(row)?.slice(1));
    assert.deepEqual(seconds, [
      ['boston', ':31'],
      ['boston', ':05'],
      ['wine', undefined],
    ]);
  });
});
