import assert from 'node:assert/strict';
import { isAbortError } from '../../../src/core/cancellation.ts';
import { type FollowedJob, JobFollower } from '../../../src/core/jobFollower.ts';
import { Problem } from '../../../src/core/problem.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('JobFollower', () => {
  it('publishes each state that differs from the one before, and ends with the final one', async () => {
    const { clock, done, published } = follow([
      { status: 'InProgress', secondaryStatus: 'Starting' },
      { status: 'InProgress', secondaryStatus: 'Starting' },
      { status: 'InProgress', secondaryStatus: 'Training' },
      { status: 'Completed', secondaryStatus: 'Completed' },
    ]);
    assert.equal((await clock.runUntil(done))?.status, 'Completed');
    assert.deepEqual(published, ['Starting', 'Training', 'Completed']);
  });

  it('publishes a message that changes within one transition', async () => {
    const at = (message: string): FollowedJob => ({
      status: 'InProgress',
      secondaryStatus: 'Starting',
      transitions: [{ status: 'Starting', startMs: 0, message }],
    });
    const { clock, done, published } = follow([at('one'), at('two'), at('two'), { status: 'Stopped' }]);
    await clock.runUntil(done);
    assert.equal(published.length, 3);
  });

  it('outlives throttles, lost connections and expired credentials, and tells of the latter two', async () => {
    const { clock, done, notices, published } = follow([
      { status: 'InProgress' },
      new Problem('throttled', 'Rate exceeded.'),
      { status: 'InProgress' },
      new Problem('offline', 'No connection.'),
      new Problem('offline', 'No connection.'),
      { status: 'InProgress' },
      new Problem('expired', 'Expired.'),
      { status: 'Failed' },
    ]);
    assert.equal((await clock.runUntil(done))?.status, 'Failed');
    assert.deepEqual(notices, [
      'interrupted offline',
      'resumed offline',
      'interrupted expired',
      'resumed expired',
    ]);
    assert.equal(published.length, 2);
  });

  it('says that a throttle lasts when it does', async () => {
    const throttles = Array.from({ length: 12 }, () => new Problem('throttled', 'Rate exceeded.'));
    const { clock, done, notices } = follow([...throttles, { status: 'Completed' }]);
    await clock.runUntil(done);
    assert.deepEqual(notices, ['interrupted throttled', 'resumed throttled']);
  });

  it('ends with undefined when there is no such job', async () => {
    const { clock, done } = follow([{ status: 'InProgress' }, undefined]);
    assert.equal(await clock.runUntil(done), undefined);
  });

  it('rejects with an error that will not pass', async () => {
    const { clock, done } = follow([new TypeError('a bug')]);
    await assert.rejects(clock.runUntil(done), TypeError);
  });

  it('asks every second in view, every five otherwise, and at once when told to', async () => {
    const { clock, follower, controller, asked } = follow(
      Array.from({ length: 99 }, () => ({ status: 'InProgress' })),
    );
    await clock.advance(20_500);
    assert.equal(asked(), 5);
    follower.inView = true;
    await clock.advance(10_500);
    assert.equal(asked(), 16);
    follower.inView = false;
    await clock.advance(1000);
    const before = asked();
    follower.refresh();
    await clock.advance(0);
    assert.equal(asked(), before + 1);
    controller.abort();
  });

  it('rejects with an AbortError as soon as the signal fires', async () => {
    const { clock, controller, done, asked } = follow([{ status: 'InProgress' }, { status: 'InProgress' }]);
    await clock.advance(100);
    controller.abort();
    await assert.rejects(done, isAbortError);
    assert.equal(asked(), 1);
  });
});

/** Follows a job whose service gives these answers, one after the other. */
function follow(answers: readonly (FollowedJob | Error | undefined)[]) {
  const clock = new FakeClock();
  const controller = new AbortController();
  const published: (string | undefined)[] = [];
  const notices: string[] = [];
  let asked = 0;
  const follower = new JobFollower<FollowedJob>({
    clock,
    random: () => 0.5,
    describe: async () => {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onChange: (job) => published.push(job.secondaryStatus),
    onNotice: (notice) => notices.push(`${notice.kind} ${notice.problem.code}`),
  });
  const done = follower.run(controller.signal);
  // A test that ends by aborting does not look at the outcome.
  done.catch(() => undefined);
  return { clock, follower, controller, published, notices, done, asked: () => asked };
}
