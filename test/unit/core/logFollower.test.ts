import assert from 'node:assert/strict';
import { isAbortError } from '../../../src/core/cancellation.ts';
import {
  LogFollower,
  type LogFollowerOptions,
  type LogItem,
  type LogLine,
  type LogPosition,
} from '../../../src/core/logFollower.ts';
import { Problem } from '../../../src/core/problem.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/random.ts';
import { ScriptedLog } from '../../support/scriptedLog.ts';

const job = 'boston-housing';
const algo1 = `${job}/algo-1-1767225600`;
const algo2 = `${job}/algo-2-1767225601`;

describe('LogFollower', () => {
  it('gives each line once, in order, and ends after the job has ended', async () => {
    const { clock, log, follower, lines, done } = follow();
    follower.inView = true;
    log.write(algo1, 'one');
    await clock.advance(1500);
    log.write(algo1, 'two');
    log.write(algo1, 'two');
    await clock.advance(1500);
    assert.deepEqual(messages(lines), ['one', 'two', 'two']);
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(messages(lines), ['one', 'two', 'two']);
    assert.equal(lines[0]?.host, 'algo-1');
  });

  it('takes empty pages and short pages for what they are, not for the end', async () => {
    const { clock, log, lines, follower, done } = follow();
    for (let line = 0; line < 50; line += 1) log.write(algo1, `line ${line}`, clock.now() - 3_600_000);
    let page = 0;
    log.pageSize = () => [0, 3, 0, 0, 7][page++ % 5] ?? 1;
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(
      messages(lines),
      Array.from({ length: 50 }, (_, line) => `line ${line}`),
    );
  });

  it('reads the lines that arrive after the final status', async () => {
    const { clock, log, lines, follower, done } = follow({ lagMs: 10_000 });
    log.write(algo1, 'early');
    await clock.advance(1000);
    log.write(algo1, 'late', clock.now(), clock.now() + 9000);
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(messages(lines), ['early', 'late']);
  });

  it('does not wait for late lines of a job that ended long ago', async () => {
    const { clock, log, follower, lines, done } = follow({ lagMs: 10_000 });
    log.write(algo1, 'old', clock.now() - 3_600_000);
    const startMs = clock.now();
    follower.jobEnded(clock.now() - 3_500_000);
    await clock.runUntil(done);
    assert.equal(clock.now() - startMs, 0);
    assert.deepEqual(messages(lines), ['old']);
  });

  it('finds streams that appear late, even one that appears after the final status', async () => {
    const { clock, log, lines, follower, done } = follow({ lagMs: 10_000 });
    log.write(algo1, 'first host');
    await clock.advance(5000);
    log.write(algo2, 'second host');
    await clock.advance(15_000);
    assert.deepEqual(messages(lines), ['first host', 'second host']);
    follower.jobEnded();
    log.write(`${job}/algo-1-1767225999`, 'restarted host', clock.now(), clock.now() + 9500);
    await clock.runUntil(done);
    assert.deepEqual(messages(lines), ['first host', 'second host', 'restarted host']);
    assert.deepEqual(
      lines.map((line) => line.host),
      ['algo-1', 'algo-2', 'algo-1'],
    );
  });

  it('orders the lines of several hosts by time, holding them back for a moment', async () => {
    const { clock, log, lines, follower, done } = follow();
    follower.inView = true;
    log.write(algo1, 'a');
    log.write(algo2, 'b');
    await clock.advance(5000);
    const now = clock.now();
    log.write(algo2, 'later', now);
    log.write(algo1, 'earlier', now - 500, now + 1200);
    await clock.advance(1500);
    assert.deepEqual(messages(lines), ['a', 'b']);
    await clock.advance(1500);
    assert.deepEqual(messages(lines), ['a', 'b', 'earlier', 'later']);
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(messages(lines), ['a', 'b', 'earlier', 'later']);
  });

  it('merges long histories completely by time, whatever the sizes of their pages', async () => {
    const { clock, log, lines, follower, done } = follow();
    const startMs = clock.now() - 3_600_000;
    for (let line = 0; line < 30_000; line += 1) {
      const stream = line < 500 || line % 7 === 0 ? algo2 : algo1;
      log.write(stream, `${line}`, startMs + line);
    }
    const random = seededRandom(1);
    log.pageSize = (available) => Math.min(available, Math.floor(random() * 2000));
    follower.jobEnded(clock.now() - 3_000_000);
    await clock.runUntil(done);
    assert.equal(lines.length, 30_000);
    assert.ok(lines.every((line, index) => line.message === String(index)));
  });

  it('outlives throttles without a word and a lost connection with two', async () => {
    const { clock, log, lines, items, follower, done } = follow();
    log.write(algo1, 'one');
    await clock.advance(100);
    let failures = 3;
    log.beforeAnswer = () => {
      if (failures-- > 0) throw new Problem('throttled', 'Rate exceeded.');
    };
    await clock.advance(20_000);
    assert.deepEqual(notices(items), []);
    const offline = new Problem('offline', 'The connection is lost.');
    const lostMs = clock.now();
    log.beforeAnswer = () => {
      if (clock.now() < lostMs + 20_000) throw offline;
    };
    log.write(algo1, 'two');
    await clock.advance(60_000);
    log.beforeAnswer = () => undefined;
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(messages(lines), ['one', 'two']);
    assert.deepEqual(notices(items), ['interrupted', 'resumed']);
    const resumed = items.find((item) => item.kind === 'notice' && item.notice.kind === 'resumed');
    assert.ok(resumed?.kind === 'notice' && resumed.notice.kind === 'resumed');
    assert.ok(resumed.notice.sinceMs >= lostMs && resumed.notice.untilMs >= lostMs + 20_000);
  });

  it('waits while the sign-in has expired, and goes on at once when told to', async () => {
    const { clock, log, lines, follower, items, controller } = follow();
    log.write(algo1, 'one');
    await clock.advance(100);
    let signedIn = false;
    log.beforeAnswer = () => {
      if (!signedIn) throw new Problem('expired', 'The sign-in has expired.');
    };
    log.write(algo1, 'two');
    await clock.advance(30_000);
    const before = log.calls;
    await clock.advance(60_000);
    assert.ok(log.calls - before <= 3, 'hardly asks while signed out');
    signedIn = true;
    follower.refresh();
    await clock.advance(0);
    assert.deepEqual(messages(lines), ['one', 'two']);
    assert.deepEqual(notices(items), ['interrupted', 'resumed']);
    controller.abort();
  });

  it('gives up on a log that may not be read only once its job has ended', async () => {
    const { clock, log, follower, items, done } = follow();
    log.beforeAnswer = () => {
      throw new Problem('accessDenied', 'You may not read logs.');
    };
    await clock.advance(300_000);
    assert.deepEqual(notices(items), ['interrupted']);
    follower.jobEnded();
    await assert.rejects(clock.runUntil(done), { name: 'Problem', code: 'accessDenied' });
  });

  it('lets an error that is no problem of the service through', async () => {
    const { clock, log, done } = follow();
    log.beforeAnswer = () => {
      throw new TypeError('a bug');
    };
    await assert.rejects(clock.runUntil(done), TypeError);
  });

  it('says that the job wrote no log when there never was a stream', async () => {
    const { clock, follower, items, done } = follow({ lagMs: 10_000 });
    await clock.advance(2000);
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(notices(items), ['noLog']);
  });

  it('reads every second in view and every five otherwise', async () => {
    const { clock, log, follower, controller } = follow();
    log.write(algo1, 'one');
    await clock.advance(1000);
    const reads = countReads(log);
    await clock.advance(20_000);
    assert.equal(reads(), 4);
    follower.inView = true;
    await clock.advance(20_000);
    assert.ok(reads() >= 23 && reads() <= 26, `${reads()} reads`);
    controller.abort();
  });

  it('ends promptly and with an AbortError when the signal fires', async () => {
    const { clock, log, controller, done } = follow();
    log.write(algo1, 'one');
    await clock.advance(1000);
    controller.abort();
    await assert.rejects(done, isAbortError);
    const { calls } = log;
    await clock.advance(60_000);
    assert.equal(log.calls, calls);
  });

  it('goes on from a position in the middle of a page, with nothing lost or doubled', async () => {
    const first = follow();
    const { clock, log } = first;
    for (let line = 0; line < 20; line += 1) log.write(algo1, `a${line}`, clock.now() - 10_000 + line * 100);
    for (let line = 0; line < 20; line += 1) log.write(algo2, `b${line}`, clock.now() - 9_000 + line * 400);
    log.pageSize = () => 6;
    first.follower.inView = true;
    await clock.advance(1500);
    first.controller.abort();
    await assert.rejects(first.done, isAbortError);
    assert.ok(first.lines.length > 0 && first.lines.length < 40, `${first.lines.length} lines at the reload`);
    const position = JSON.parse(JSON.stringify(first.follower.position)) as LogPosition;
    const second = follow({ position }, clock, log);
    second.follower.jobEnded();
    await clock.runUntil(second.done);
    const all = messages([...first.lines, ...second.lines]);
    assert.equal(all.length, 40);
    assert.equal(new Set(all).size, 40);
  });

  it('finds its place again when the service has forgotten the token', async () => {
    const { clock, log, lines, follower, done } = follow();
    log.write(algo1, 'one');
    log.write(algo1, 'two');
    await clock.advance(10_000);
    log.tokensIssuedSince = clock.now();
    log.write(algo1, 'three');
    await clock.advance(10_000);
    follower.jobEnded();
    await clock.runUntil(done);
    assert.deepEqual(messages(lines), ['one', 'two', 'three']);
  });

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`loses and doubles nothing under random pages, lags and failures (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const { clock, log, lines, follower, done } = follow({ lagMs: 10_000, random });
      const streams = Array.from(
        { length: 1 + Math.floor(random() * 4) },
        (_, host) => `${job}/algo-${host + 1}-1767225600`,
      );
      const written = new Map<string, string[]>();
      log.pageSize = (available) => Math.floor(random() * (available + 1));
      log.beforeAnswer = () => {
        if (random() < 0.1) throw new Problem(random() < 0.5 ? 'throttled' : 'offline', 'Not now.');
      };
      follower.inView = true;
      for (let second = 0; second < 60; second += 1) {
        for (const stream of streams) {
          if (second < Number(stream.split('-')[2]) * 3) continue;
          for (let line = Math.floor(random() * 20); line > 0; line -= 1) {
            const message = `${stream} ${second} ${line}`;
            log.write(stream, message, clock.now(), clock.now() + 2000 + random());
            written.set(stream, [...(written.get(stream) ?? []), message]);
          }
        }
        await clock.advance(1000);
      }
      follower.jobEnded();
      await clock.runUntil(done);
      for (const stream of streams) {
        const host = /algo-\d+/.exec(stream)?.[0];
        assert.deepEqual(messages(lines.filter((line) => line.host === host)), written.get(stream) ?? []);
      }
      assert.equal(log.overlapped, false);
    });
  }
});

function follow(
  options: Partial<LogFollowerOptions> = {},
  clock = new FakeClock(),
  log = new ScriptedLog(clock),
) {
  const items: LogItem[] = [];
  const lines: LogLine[] = [];
  const controller = new AbortController();
  const follower = new LogFollower({
    source: log,
    clock,
    lagMs: 0,
    random: () => 0.5,
    onItem: (item) => {
      items.push(item);
      if (item.kind === 'lines') lines.push(...item.lines);
    },
    ...options,
  });
  const done = follower.run(controller.signal);
  // A test that ends by aborting does not look at the outcome.
  done.catch(() => undefined);
  return { clock, log, follower, items, lines, controller, done };
}

function messages(lines: readonly LogLine[]): string[] {
  return lines.map((line) => line.message);
}

function notices(items: readonly LogItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'notice' ? [item.notice.kind] : []));
}

function countReads(log: ScriptedLog): () => number {
  let reads = 0;
  log.beforeAnswer = (operation) => {
    if (operation === 'readPage') reads += 1;
  };
  return () => reads;
}
