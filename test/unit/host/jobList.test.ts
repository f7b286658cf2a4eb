import assert from 'node:assert/strict';
import { isAbortError } from '../../../src/core/cancellation.ts';
import { Problem } from '../../../src/core/problem.ts';
import type { TrainingJobSummary } from '../../../src/core/trainingJob.ts';
import type { Connection } from '../../../src/host/connection.ts';
import { JobList } from '../../../src/host/jobList.ts';
import { FakeClock } from '../../support/fakeClock.ts';

function aJob(name: string, status = 'Completed'): TrainingJobSummary {
  return { name, arn: `arn:aws:sagemaker:us-east-1:111122223333:training-job/${name}`, status, createdMs: 0 };
}

const pageSize = 100;

/** A service that holds jobs, answers page by page, and counts how often it is asked. */
class ListingService {
  jobs: readonly TrainingJobSummary[] = [];
  failure: Error | undefined;
  calls = 0;
  /** Pages that come before the first job. */
  emptyPages = 0;

  readonly connection = {
    use: async (action: (session: unknown) => Promise<unknown>) =>
      action({ jobs: { listPage: ({ nextToken }: { nextToken?: string }) => this.#page(nextToken) } }),
  } as unknown as Connection;

  async #page(nextToken: string | undefined): Promise<unknown> {
    this.calls += 1;
    if (this.failure) throw this.failure;
    const page = Number(nextToken ?? 0);
    const start = (page - this.emptyPages) * pageSize;
    const jobs = start < 0 ? [] : this.jobs.slice(start, start + pageSize);
    return { jobs, nextToken: start + pageSize < this.jobs.length ? String(page + 1) : undefined };
  }
}

describe('JobList', () => {
  let clock: FakeClock;
  let service: ListingService;
  let list: JobList;
  let changes: string[];
  let running: Promise<unknown>;

  beforeEach(() => {
    clock = new FakeClock();
    service = new ListingService();
    list = new JobList(service.connection, clock, () => 30);
    changes = [];
    list.onDidChange((job) => changes.push(job?.name ?? 'all'));
    running = list.run().catch((error: unknown) => isAbortError(error) || Promise.reject(error as Error));
  });
  afterEach(async () => {
    list.dispose();
    assert.equal(await clock.runUntil(running), true);
  });

  const look = (attention: { visible?: boolean; focused?: boolean } = {}): void =>
    list.setAttention({ visible: true, focused: true, ...attention });

  it('reads nothing while its view is hidden', async () => {
    await clock.advance(600_000);
    assert.equal(service.calls, 0);
    assert.equal(list.loaded, false);
  });

  it('reads at once when its view is shown, then every 30 seconds', async () => {
    look();
    await clock.advance(0);
    assert.equal(service.calls, 1);
    await clock.advance(60_000);
    assert.equal(service.calls, 3);
  });

  it('reads every 5 seconds while a job runs, and fast after the user’s own action', async () => {
    service.jobs = [aJob('boston', 'InProgress')];
    look();
    await clock.advance(10_000);
    assert.equal(service.calls, 3);
    list.hurry();
    await clock.advance(10_000);
    assert.ok(service.calls - 3 >= 5 && service.calls - 3 <= 6, String(service.calls));
  });

  it('never asks more than once in two seconds by itself', async () => {
    service.jobs = [aJob('boston', 'InProgress')];
    look();
    list.hurry();
    await clock.advance(30_000);
    assert.ok(service.calls <= 16, String(service.calls));
  });

  it('fires only the job that changed', async () => {
    service.jobs = [aJob('b', 'InProgress'), aJob('a')];
    look();
    await clock.advance(0);
    changes.length = 0;
    service.jobs = [aJob('b'), aJob('a')];
    await clock.advance(5000);
    assert.deepEqual(changes, ['b']);
  });

  it('fires everything when a job came', async () => {
    look();
    await clock.advance(0);
    changes.length = 0;
    service.jobs = [aJob('a')];
    await clock.advance(30_000);
    assert.deepEqual(changes, ['all']);
  });

  it('keeps the rows when a later reading fails, and reads again', async () => {
    service.jobs = [aJob('a')];
    look();
    await clock.advance(0);
    service.failure = new Problem('offline', "Can't reach the service.");
    await clock.advance(30_000);
    assert.deepEqual(
      list.jobs.map(({ name }) => name),
      ['a'],
    );
    assert.match(list.failure?.problem.message ?? '', /Can't reach/);
    service.failure = undefined;
    await clock.advance(30_000);
    assert.equal(list.failure, undefined);
  });

  it('waits for a hand when signing in is needed', async () => {
    service.failure = new Problem('notSignedIn', 'Nobody is signed in.');
    look();
    await clock.advance(600_000);
    assert.equal(service.calls, 1);
  });

  it('loads the next page once and keeps it when it reads again', async () => {
    service.jobs = Array.from({ length: 250 }, (_, i) => aJob(`job-${i}`));
    look();
    await clock.advance(0);
    assert.deepEqual([list.jobs.length, list.hasMore], [100, true]);
    await list.loadMore();
    await list.loadMore();
    assert.deepEqual([list.jobs.length, list.hasMore], [250, false]);
    await clock.advance(30_000);
    assert.deepEqual([list.jobs.length, list.hasMore], [250, false]);
  });

  it('goes on behind an empty page that has a token', async () => {
    service.jobs = [aJob('a')];
    service.emptyPages = 2;
    look();
    await clock.advance(0);
    assert.deepEqual([list.jobs.length, list.hasMore, service.calls], [1, false, 3]);
  });

  it('shows a job that was just launched before the service lists it', async () => {
    look();
    await clock.advance(0);
    list.update(aJob('boston', 'InProgress'));
    assert.deepEqual([list.find('boston')?.status, list.runningCount], ['InProgress', 1]);
  });
});
