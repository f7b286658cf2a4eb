import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './runCommand.ts';

/** Settings of every run: nothing that asks the network, opens a page by itself or moves while a screenshot is taken. */
const quietSettings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'editor.cursorBlinking': 'solid',
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'chat.commandCenter.enabled': false,
  'window.commandCenter': false,
  'files.simpleDialog.enable': true,
};

/** How a hosted VS Code is started. */
export interface ServerOptions {
  /** Folder of the install, from `installHost`. */
  readonly host: string;
  /** Everything the run writes: user settings, logs, extensions, global storage of extensions. */
  readonly dataFolder: string;
  /** User settings, on top of those of every run. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Extension packages installed before the start. */
  readonly vsix?: readonly string[];
  /** Environment of the server and so of the extension host, on top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Secret that a page must give in its address; without one any page of this computer gets in. */
  readonly connectionToken?: string;
}

/** A VS Code server on 127.0.0.1, for pages of this computer only. */
export class HostedServer {
  private constructor(
    readonly port: number,
    readonly dataFolder: string,
    private readonly child: ChildProcess,
    private readonly connectionToken: string | undefined,
  ) {}

  static async start(options: ServerOptions): Promise<HostedServer> {
    const { host, dataFolder, connectionToken } = options;
    const user = path.join(dataFolder, 'data/User');
    await mkdir(user, { recursive: true });
    const settings = { ...quietSettings, ...options.settings };
    await writeFile(path.join(user, 'settings.json'), JSON.stringify(settings, null, 2));
    const program = [path.join(host, 'out/server-main.js'), '--accept-server-license-terms'];
    program.push('--server-data-dir', dataFolder, '--extensions-dir', path.join(dataFolder, 'extensions'));
    const env = serverEnvironment(options.env);
    for (const file of options.vsix ?? [])
      await runCommand(process.execPath, [...program, '--install-extension', file, '--force'], { env });

    const access = connectionToken ? ['--connection-token', connectionToken] : ['--without-connection-token'];
    const child = spawn(
      process.execPath,
      [
        ...[...program, '--host', '127.0.0.1', '--port', '0', ...access],
        ...['--telemetry-level', 'off', '--disable-workspace-trust', '--disable-websocket-compression'],
      ],
      // A process group of its own, so that one signal ends the server together with its extension hosts.
      { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    try {
      return new HostedServer(await listeningPort(child), dataFolder, child, connectionToken);
    } catch (error) {
      signalGroup(child, 'SIGKILL');
      throw error;
    } finally {
      const log = createWriteStream(path.join(dataFolder, 'server.log'), { flags: 'a' });
      child.stdout.pipe(log, { end: false });
      child.stderr.pipe(log, { end: false });
    }
  }

  get logsFolder(): string {
    return path.join(this.dataFolder, 'data/logs');
  }

  /** Calls `listener` with the reason if the server ends by itself. */
  onExit(listener: (reason: string) => void): void {
    this.child.once('exit', (code, signal) => listener(`The VS Code server ended (${code ?? signal}).`));
  }

  /** Calls `listener` with every piece of text that the server prints. */
  onOutput(listener: (text: string) => void): void {
    this.child.stdout?.on('data', (data: Buffer) => listener(data.toString()));
    this.child.stderr?.on('data', (data: Buffer) => listener(data.toString()));
  }

  /** Address of a page with the workbench on `folder`; `payload` as the desktop's command-line arguments. */
  address(folder: string, payload: readonly (readonly [string, string])[] = []): string {
    const query = new URLSearchParams({ folder });
    if (this.connectionToken !== undefined) query.set('tkn', this.connectionToken);
    query.set('payload', JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]));
    return `http://127.0.0.1:${this.port}/?${query.toString()}`;
  }

  /** Names a path of this computer for the workbench's payload. */
  uri(file: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${pathToFileURL(file).pathname}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      signalGroup(this.child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(this.child, 'SIGKILL'), 3000);
      await exit;
      clearTimeout(timer);
    }
    // What is left of the group: an extension host outlives its server for some seconds.
    signalGroup(this.child, 'SIGKILL');
  }
}

function serverEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  // An integrated terminal sets VSCODE_* for its own window. VSCODE_CLI: do not run a login shell for the environment.
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_RUN_AS_NODE)/.test(name));
  return { ...Object.fromEntries(own), VSCODE_CLI: '1', ...extra };
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (reason: string) => reject(new Error(`${reason}\n${text.slice(-2000)}`));
    const timer = setTimeout(() => fail('The VS Code server did not start within 30 s.'), 30_000);
    const read = (data: Buffer) => {
      text += data.toString();
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      child.stdout?.off('data', read);
      child.stderr?.off('data', read);
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => fail(`The VS Code server ended with ${code} before it listened.`));
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: nothing of the group is left, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
