import { ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BackendEndpoint } from '../../src/backend/backendClient.ts';
import { isProcessAlive } from '../../src/backend/processes.ts';
import {
  type BackendAddress,
  type ConnectOptions,
  answersAt,
  callBackend,
  connectBackend,
  readRendezvous,
  rendezvousFile,
} from '../../src/backend/rendezvous.ts';
import { type Clients, createClients, destroyClients } from '../support/backend.ts';
import { bundleBackend } from '../support/bundle.ts';
import { eventually } from '../support/eventually.ts';
import { type TemporaryFolder, makeTemporaryFolder } from '../support/temporaryFolder.ts';
import {
  createEndlessJob,
  createJob,
  describeJob,
  endOf,
  logOf,
  putTrainingData,
  untilTraining,
} from '../support/trainingJobs.ts';

describe('the backend as a process', function () {
  // Processes start slowly when the machine is busy with other tests.
  this.timeout(60_000);

  let entry: string;
  let folder: TemporaryFolder;
  const clients: Clients[] = [];
  const children = new Set<ChildProcess>();
  /** Detached backends that a test started; none may outlive it. */
  const pids = new Set<number>();

  before(async () => {
    entry = await bundleBackend();
  });
  beforeEach(async () => {
    folder = await makeTemporaryFolder();
  });
  afterEach(async () => {
    clients.splice(0).forEach(destroyClients);
    for (const child of children) child.kill('SIGKILL');
    children.clear();
    for (const pid of pids) if (isProcessAlive(pid)) process.kill(pid, 'SIGKILL');
    for (const pid of pids)
      await eventually(() => !isProcessAlive(pid) || undefined, `the end of process ${pid}`);
    pids.clear();
    await folder.dispose();
  });

  function use(endpoint: BackendEndpoint): BackendEndpoint & Clients {
    const made = createClients(endpoint);
    clients.push(made);
    return { ...endpoint, ...made };
  }

  describe('on its own', () => {
    async function start(...options: string[]): Promise<{ child: ChildProcess; endpoint: BackendEndpoint }> {
      const child = spawn(process.execPath, [entry, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
      children.add(child);
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      return { child, endpoint: JSON.parse(line.toString()) as BackendEndpoint };
    }

    async function exitOf(child: ChildProcess): Promise<unknown> {
      return child.exitCode ?? ((await once(child, 'exit')) as [unknown])[0];
    }

    it('prints one line with all that clients need', async () => {
      const { child, endpoint } = await start('--region', 'eu-west-1');
      assert.match(endpoint.url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(
        { ...endpoint, url: '', accessKeyId: '', secretAccessKey: '' },
        {
          ...{
            url: '',
            region: 'eu-west-1',
            accountId: '000000000000',
            accessKeyId: '',
            secretAccessKey: '',
          },
          bucket: 'sagemaker-eu-west-1-000000000000',
          roleArn: 'arn:aws:iam::000000000000:role/service-role/AmazonSageMaker-ExecutionRole-Local',
        },
      );
      const place = use(endpoint);
      assert.deepEqual(
        (await place.sagemaker.send(new ListTrainingJobsCommand({}))).TrainingJobSummaries,
        [],
      );
      child.kill('SIGINT');
      assert.equal(await exitOf(child), 0);
    });

    it('keeps everything in its folder, ends with 0 on a signal, and fails the job that ran', async () => {
      const first = await start('--data', folder.path);
      const place = use(first.endpoint);
      await putTrainingData(place);
      await createJob(place, 'done');
      await endOf(place, 'done');
      const lines = await logOf(place, 'done');
      await createEndlessJob(place, 'cut');
      await untilTraining(place, 'cut');
      first.child.kill('SIGTERM');
      assert.equal(await exitOf(first.child), 0);

      const second = use((await start('--data', folder.path)).endpoint);
      assert.equal((await describeJob(second, 'done')).TrainingJobStatus, 'Completed');
      assert.deepEqual(await logOf(second, 'done'), lines);
      const cut = await describeJob(second, 'cut');
      assert.equal(cut.TrainingJobStatus, 'Failed');
      assert.match(cut.FailureReason!, /local backend was ended while the job ran/);
    });

    it('loses nothing but the running job when it is killed', async () => {
      const first = await start('--data', folder.path);
      const place = use(first.endpoint);
      await putTrainingData(place);
      await createJob(place, 'done');
      const described = await endOf(place, 'done');
      await createEndlessJob(place, 'killed');
      await untilTraining(place, 'killed');
      const seen = await logOf(place, 'killed');
      first.child.kill('SIGKILL');
      await exitOf(first.child);

      const second = use((await start('--data', folder.path)).endpoint);
      assert.deepEqual(
        { ...(await describeJob(second, 'done')), $metadata: {} },
        { ...described, $metadata: {} },
      );
      const killed = await describeJob(second, 'killed');
      assert.equal(killed.TrainingJobStatus, 'Failed');
      assert.match(
        killed.FailureReason!,
        /^InternalServerError: the local backend was ended while the job ran\./,
      );
      assert.deepEqual((await logOf(second, 'killed')).slice(0, seen.length), seen);
      await createJob(second, 'next');
      assert.equal((await endOf(second, 'next')).TrainingJobStatus, 'Completed');
    });

    it('does not share its folder', async () => {
      await start('--data', folder.path);
      const second = spawn(process.execPath, [entry, '--data', folder.path], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(second);
      const said: Buffer[] = [];
      second.stderr.on('data', (chunk: Buffer) => said.push(chunk));
      await once(second, 'close');
      assert.equal(second.exitCode, 1);
      assert.match(Buffer.concat(said).toString(), /Another backend uses /);
    });

    it('refuses options that make no sense', async () => {
      for (const options of [
        ['--port', 'x'],
        ['--region', '../..'],
        ['--rendezvous', '/x'],
        ['--nonsense'],
      ]) {
        const child = spawn(process.execPath, [entry, ...options], { stdio: 'ignore' });
        children.add(child);
        assert.equal(await exitOf(child), 1, options.join(' '));
      }
    });
  });

  describe('shared by windows', () => {
    async function connect(changes: Partial<ConnectOptions> = {}): Promise<BackendAddress> {
      const address = await connectBackend({
        folder: folder.path,
        entry,
        version: '1.0.0',
        execPath: process.execPath,
        timeoutMs: 40_000,
        onStart: (pid) => pids.add(pid),
        ...changes,
      });
      return address;
    }

    const gone = ({ pid }: BackendAddress): Promise<true> =>
      eventually(() => !isProcessAlive(pid) || undefined, `the end of process ${pid}`, 30_000);
    const locks = (): number =>
      readdirSync(path.join(folder.path, 'data')).filter((name) => name.startsWith('lock-')).length;

    it('is one, however many windows ask for it at once', async () => {
      const addresses = await Promise.all([connect(), connect(), connect()]);
      assert.equal(new Set(addresses.map(({ pid, url }) => `${pid} ${url}`)).size, 1);
      assert.deepEqual(await connect(), addresses[0]);
      await eventually(() => [...pids].filter(isProcessAlive).length === 1 || undefined, 'one process');
      assert.equal(locks(), 1);
      assert.equal(await answersAt(addresses[0]), true);
    });

    it('keeps its keys from other users', async () => {
      await connect();
      if (process.platform === 'win32') return;
      assert.equal(statSync(rendezvousFile(folder.path)).mode & 0o777, 0o600);
      assert.equal(statSync(path.join(folder.path, 'data')).mode & 0o777, 0o700);
    });

    it('ends when nobody has called for a while, and takes its file along', async () => {
      const address = await connect({ idleSeconds: 0.5 });
      await gone(address);
      assert.equal(existsSync(rendezvousFile(folder.path)), false);
      assert.equal(locks(), 0);
    });

    it('lives as long as a job runs, and keeps the job for the next window', async () => {
      const address = await connect({ idleSeconds: 0.5 });
      const place = use(address);
      await putTrainingData(place, 20_000);
      await createJob(place, 'alone', { HyperParameters: { num_round: '200' } });
      await gone(address);
      const next = use(await connect());
      assert.equal((await describeJob(next, 'alone')).TrainingJobStatus, 'Completed');
      const rounds = (await logOf(next, 'alone')).filter((line) => /^\[\d+\]/.test(line));
      assert.equal(rounds.length, 200);
    });

    it('is replaced when it was killed', async () => {
      const first = await connect();
      process.kill(first.pid, 'SIGKILL');
      await gone(first);
      assert.equal(existsSync(rendezvousFile(folder.path)), true);
      const second = await connect();
      assert.notEqual(second.pid, first.pid);
      assert.equal(await answersAt(second), true);
      assert.equal(locks(), 1);
    });

    it('is not taken for another process that has its number, or its port', async () => {
      const first = await connect();
      process.kill(first.pid, 'SIGKILL');
      await gone(first);
      // A program that is alive and not a backend: this one.
      writeFileSync(rendezvousFile(folder.path), JSON.stringify({ ...first, pid: process.pid }));
      const second = await connect();
      assert.equal(await answersAt({ ...second, secretAccessKey: 'guessed' }), false);
      assert.equal(await answersAt(second), true);
    });

    it('gives way to a newer version when it is idle, and not before', async () => {
      const old = await connect({ version: '1.0.0' });
      const place = use(old);
      await putTrainingData(place);
      await createEndlessJob(place, 'long');
      assert.deepEqual(await connect({ version: '1.1.0' }), old);
      await callBackend(old, 'SageMakerJobsLocal.Reset');
      const replaced = await connect({ version: '1.1.0' });
      assert.notEqual(replaced.pid, old.pid);
      assert.equal(replaced.version, '1.1.0');
      // An older window that is still open uses the newer one.
      assert.deepEqual(await connect({ version: '1.0.0' }), replaced);
    });

    it('is reported as missing when it can not be started', async () => {
      await assert.rejects(connect({ entry: path.join(folder.path, 'missing.js'), timeoutMs: 500 }), {
        name: 'Problem',
        code: 'backendUnavailable',
      });
    });

    it('is not waited for by a window that gives up', async () => {
      const giveUp = new AbortController();
      const connecting = connect({ entry: path.join(folder.path, 'missing.js'), signal: giveUp.signal });
      giveUp.abort();
      await assert.rejects(connecting, { name: 'AbortError' });
    });

    it('leaves a file alone that is not its own any more', async () => {
      const address = await connect({ idleSeconds: 0.5 });
      const other = { ...address, accessKeyId: 'LOCALOTHER' };
      writeFileSync(rendezvousFile(folder.path), JSON.stringify(other));
      await gone(address);
      assert.deepEqual(readRendezvous(rendezvousFile(folder.path)), other);
    });
  });
});
