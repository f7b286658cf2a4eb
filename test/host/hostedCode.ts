import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { installHost } from './installHost.ts';
import { HostedServer } from './server.ts';
import { channelVariable, listenToTests } from './testChannel.ts';

/** Where a failed run leaves its screenshot and logs. */
export const artifactsVariable = 'SAGEMAKER_JOBS_TEST_ARTIFACTS';

const startDeadline = 60_000;
const runDeadline = 5 * 60_000;
/** The suite's last message and the workbench's report travel by different ways: the later one gets this long. */
const reportGrace = 3000;

/** Runs the tests that `argv` names, as the desktop's `code` would; answers with the exit code. */
export async function runHostedTests(argv: readonly string[]): Promise<number> {
  const { folder, extension, suite } = readArguments(argv);
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'hosted-code-'));
  const socket = path.join(scratch, 'channel');
  const workbenchLog: string[] = [];

  let finish!: (outcome: { readonly code: number; readonly reason: string }) => void;
  const finished = new Promise<Parameters<typeof finish>[0]>((resolve) => (finish = resolve));
  const fail = (reason: string) => finish({ code: 1, reason });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => fail(`Ended by ${signal}.`));
  const runTimer = setTimeout(
    () => fail(`The tests did not end within ${runDeadline / 1000} s.`),
    runDeadline,
  );
  const startTimer = setTimeout(() => fail('The tests did not start within 60 s.'), startDeadline);

  let passed: boolean | undefined;
  const channel = await listenToTests(socket, (message) => {
    clearTimeout(startTimer);
    if (message.kind === 'output') process.stdout.write(message.text);
    else passed = message.passed;
  });
  const server = await HostedServer.start({
    host: await installHost(),
    dataFolder: path.join(scratch, 'data'),
    env: { [channelVariable]: socket },
  });
  server.onExit(fail);
  server.onOutput((text) => {
    if (!text.includes('Extension Host Process exited')) return;
    setTimeout(() => {
      if (passed === undefined) fail('The extension host ended before its tests did.');
      else finish({ code: passed ? 0 : 1, reason: '' });
    }, reportGrace);
  });
  const browser = await launchBrowser();
  try {
    browser.once('disconnected', () => fail('Chromium ended.'));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('crash', () => fail('The page with the workbench crashed.'));
    page.on('pageerror', (error) => workbenchLog.push(`uncaught ${error.stack ?? error.message}`));
    // The workbench calls these two when it is started with tests.
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      workbenchLog.push(`${type} ${args.map(String).join(' ')}`);
    });
    await page.exposeFunction('codeAutomationExit', (code: number) => finish({ code, reason: '' }));
    await page.goto(
      server.address(folder, [
        ['extensionDevelopmentPath', server.uri(extension)],
        ['extensionTestsPath', server.uri(suite)],
      ]),
    );
    const { code, reason } = await finished;
    if (code === 0 && passed) return 0;
    if (passed === undefined) {
      console.error(reason || 'The extension host ended before its tests did.');
      console.error(errorsOf(workbenchLog).join('\n'));
    }
    await keepArtifacts(page, server, workbenchLog);
    return code || 1;
  } finally {
    clearTimeout(runTimer);
    clearTimeout(startTimer);
    await browser.close();
    await server.stop();
    channel.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function readArguments(argv: readonly string[]): { folder: string; extension: string; suite: string } {
  const value = (name: string) => argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const folder = argv.find((arg) => !arg.startsWith('-'));
  const extension = value('extensionDevelopmentPath');
  const suite = value('extensionTestsPath');
  if (folder === undefined || extension === undefined || suite === undefined)
    throw new Error('Only test runs are supported: a folder, an extension and its tests must be given.');
  return { folder, extension, suite };
}

/** The first lines of the last errors, without those of every VS Code that has no marketplace. */
function errorsOf(log: readonly string[]): string[] {
  const errors = log.filter(
    (line) => /^(error|uncaught)/.test(line) && !/open-vsx|Service Worker/.test(line),
  );
  return errors.slice(-5).map((line) => line.split('\n', 1)[0] ?? '');
}

async function keepArtifacts(page: Page, server: HostedServer, log: readonly string[]): Promise<void> {
  const folder = process.env[artifactsVariable];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  // The page may have crashed; the logs then tell why.
  await page.screenshot({ path: path.join(folder, 'workbench.png'), timeout: 5000 }).catch(console.error);
  await writeFile(path.join(folder, 'workbench.log'), log.join('\n'));
  await cp(server.logsFolder, path.join(folder, 'logs'), { recursive: true });
  console.error(`Screenshot and logs: ${folder}`);
}
