import assert from 'node:assert/strict';
import { isAbortError } from '../../../src/core/cancellation.ts';
import { RateLimiter } from '../../../src/core/rateLimiter.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('RateLimiter', () => {
  it('lets a burst through at once and then keeps to its rate, in the order of asking', async () => {
    const clock = new FakeClock(0);
    const limiter = new RateLimiter(clock, 2, 3);
    const through: string[] = [];
    for (let call = 0; call < 6; call += 1) {
      void limiter.take().then(() => through.push(`${call} at ${clock.now()}`));
    }
    await clock.advance(5000);
    assert.deepEqual(through, ['0 at 0', '1 at 0', '2 at 0', '3 at 500', '4 at 1000', '5 at 1500']);
  });

  it('goes on with the next in line when one gives up', async () => {
    const clock = new FakeClock(0);
    const limiter = new RateLimiter(clock, 1);
    const controller = new AbortController();
    await limiter.take();
    const given = limiter.take(controller.signal);
    const kept = limiter.take().then(() => clock.now());
    const givenUp = assert.rejects(given, isAbortError);
    await clock.advance(100);
    controller.abort();
    await givenUp;
    assert.equal(await clock.runUntil(kept), 1000);
  });

  it('lets all calls through at once without a limit', async () => {
    const clock = new FakeClock(0);
    const limiter = new RateLimiter(clock, Infinity);
    const all = Promise.all(Array.from({ length: 1000 }, () => limiter.take()));
    assert.equal((await clock.runUntil(all, 0)).length, 1000);
  });
});
