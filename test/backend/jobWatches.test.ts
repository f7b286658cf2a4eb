import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { systemClock } from '../../src/core/clock.ts';
import { Format } from '../../src/core/format.ts';
import type { Connection } from '../../src/host/connection.ts';
import { JobWatches } from '../../src/host/jobWatches.ts';
import type { LogChannels } from '../../src/host/logChannels.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { eventually } from '../support/eventually.ts';
import { connectTo } from '../support/localConnection.ts';
import { createJob, putTrainingData } from '../support/trainingJobs.ts';

/** What a workspace remembers between its windows. */
class WorkspaceState {
  readonly values = new Map<string, unknown>();

  readonly memento = {
    get: (key: string, fallback: unknown) => this.values.get(key) ?? fallback,
    update: async (key: string, value: unknown) => void this.values.set(key, value),
  } as unknown as Memento;
}

/** The output channels of one window, as the lines that were written into them. */
class Channels {
  readonly lines = new Map<string, string[]>();

  readonly channels = {
    find: (key: string) => this.#channel(key),
    open: (key: string) => {
      if (!this.lines.has(key)) this.lines.set(key, []);
      return this.#channel(key);
    },
    finished: () => undefined,
    close: (key: string) => void this.lines.delete(key),
  } as unknown as LogChannels;

  #channel(key: string): unknown {
    const lines = this.lines.get(key);
    return lines && { appendLine: (line: string) => void lines.push(line), show: () => undefined };
  }
}

describe('JobWatches', () => {
  let backend: TestBackend;
  let connection: Connection;
  let state: WorkspaceState;

  beforeEach(async () => {
    backend = await startBackend();
    await putTrainingData(backend);
    connection = connectTo(backend);
    state = new WorkspaceState();
  });
  afterEach(async () => {
    await connection.dispose();
    await backend.dispose();
  });

  interface Window {
    readonly watches: JobWatches;
    readonly lines: Map<string, string[]>;
    readonly ends: string[];
  }

  function openWindow(): Window {
    const { channels, lines } = new Channels();
    const ends: string[] = [];
    const watches = new JobWatches(channels, state.memento, systemClock, new Format('en'), {
      onJob: () => undefined,
      onProgress: () => undefined,
      onEnd: ({ job }, announced) =>
        ends.push(`${job.name} ${job.status} ${announced ? 'announced' : 'quiet'}`),
      onError: (_jobName, error) => assert.fail(String(error)),
    });
    return { watches, lines, ends };
  }

  it('announces the end of a launched job, and forgets it then', async () => {
    await createJob(backend, 'boston');
    const window = openWindow();
    await window.watches.launched(connection, 'boston');
    await eventually(() => window.ends.length > 0 || undefined, 'the end');
    assert.deepEqual(window.ends, ['boston Completed announced']);
    assert.equal(window.watches.hasUnfinished(connection.scope), false);
  });

  it('goes on in the next window, which gets the whole log once', async () => {
    await createJob(backend, 'boston');
    const first = openWindow();
    await first.watches.launched(connection, 'boston');
    first.watches.dispose();
    const next = openWindow();
    assert.equal(next.watches.hasUnfinished(connection.scope), true);
    next.watches.resume(connection);
    await eventually(() => next.ends.length > 0 || undefined, 'the end');
    assert.deepEqual(next.ends, ['boston Completed announced']);
    assert.deepEqual(first.ends, []);
    const [lines = []] = next.lines.values();
    assert.equal(new Set(lines).size, lines.length);
    assert.equal(lines.filter((line) => line.includes('Reporting training SUCCESS')).length, 1);
  });

  it('forgets a job that is gone', async () => {
    const first = openWindow();
    await first.watches.launched(connection, 'nowhere');
    await eventually(() => !first.watches.hasUnfinished(connection.scope) || undefined, 'forgetting');
    assert.deepEqual(first.ends, []);
  });

  it('tells the end of a log that was only shown without announcing it', async () => {
    await createJob(backend, 'boston');
    const window = openWindow();
    window.watches.showLog(connection, 'boston');
    await eventually(() => window.ends.length > 0 || undefined, 'the end');
    assert.deepEqual(window.ends, ['boston Completed quiet']);
    assert.equal(window.watches.hasUnfinished(connection.scope), false);
  });
});
