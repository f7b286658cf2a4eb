import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../host/browser.ts';
import { installHost } from '../../host/installHost.ts';
import { HostedServer } from '../../host/server.ts';
import { endLocalBackend } from '../localBackend.ts';
import { Dialog } from './dialog.ts';
import { Explorer } from './explorer.ts';
import { Menu } from './menu.ts';
import { Notifications } from './notifications.ts';
import { Output } from './output.ts';
import { type Activation, readActivation, startupPerformance } from './performance.ts';
import { QuickInput } from './quickInput.ts';
import { chooseTheme, currentTheme, type Theme, themes } from './themes.ts';
import { Tree } from './tree.ts';
import { until } from './until.ts';
import { findWebview } from './webviews.ts';

/** What a journey needs of the workbench it is made in. */
export interface WorkbenchOptions {
  /** Folder that is opened. */
  readonly folder: string;
  /** The extension's package. */
  readonly vsix: string;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Environment of the extension host, on top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** See `ServerOptions`. */
  readonly connectionToken?: string;
}

const screenshots = path.join(import.meta.dirname, '../../../out/screenshots');

/** Workbenches that are open now, so that a failed test can keep what they show. */
export const openWorkbenches = new Set<Workbench>();

/** Starts a VS Code with the extension installed and opens its first window. The caller closes it. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'sagemaker-jobs-vscode-'));
  let server: HostedServer | undefined;
  let browser: Browser | undefined;
  try {
    server = await HostedServer.start({
      host: await installHost(),
      ...options,
      dataFolder,
      vsix: [options.vsix],
    });
    browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    // tsx compiles named functions to calls of this helper, which a page does not have.
    await context.addInitScript('globalThis.__name = (named) => named');
    return await Workbench.open(server, context, options.folder);
  } catch (error) {
    await browser?.close();
    await server?.stop();
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}

/** One window of VS Code, used as a person would: by what is on screen, the pointer and the keyboard. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly menu: Menu;
  readonly explorer: Explorer;
  readonly tree: Tree;
  readonly output: Output;
  readonly notifications: Notifications;
  readonly dialog: Dialog;
  /** What the page's console has said, for the logs of a failed test. */
  readonly #console: string[] = [];

  private constructor(
    readonly server: HostedServer,
    readonly page: Page,
  ) {
    this.quickInput = new QuickInput(page);
    this.menu = new Menu(page);
    this.explorer = new Explorer(page, this.quickInput);
    this.tree = new Tree(page);
    this.output = new Output(page, this.quickInput);
    this.notifications = new Notifications(page, this.quickInput);
    this.dialog = new Dialog(page);
    page.on('console', (message) => this.#console.push(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => this.#console.push(`uncaught ${error.stack ?? error.message}`));
  }

  static async open(server: HostedServer, context: BrowserContext, folder: string): Promise<Workbench> {
    const workbench = new Workbench(server, await context.newPage());
    openWorkbenches.add(workbench);
    await workbench.page.goto(server.address(folder));
    await workbench.#ready();
    return workbench;
  }

  /** Opens another window of the same VS Code; it has the same settings and the same global storage. */
  openWindow(folder: string): Promise<Workbench> {
    return Workbench.open(this.server, this.page.context(), folder);
  }

  /** Runs a command by the exact title that the palette shows (`SageMaker: Show Logs`). */
  command(title: string): Promise<void> {
    return this.quickInput.command(title);
  }

  /** The extension's document in a webview that has an element `selector`. */
  webview(selector: string, deadlineMs?: number): Promise<Frame> {
    return findWebview(this.page, selector, deadlineMs);
  }

  /** Titles of the open editors, the active one marked by a star before it. */
  tabs(): Promise<string[]> {
    return this.page
      .locator('.tabs-container .tab')
      .evaluateAll((tabs) =>
        tabs.map(
          (tab) =>
            `${tab.classList.contains('active') ? '*' : ''}${tab.querySelector('.label-name')?.textContent ?? ''}`,
        ),
      );
  }

  /** Text of the status bar's entry whose text has `text`; `undefined` when there is none. */
  async statusBarItem(text: string): Promise<string | undefined> {
    const items = await this.page.locator('.statusbar .statusbar-item').allInnerTexts();
    return items.map((item) => item.trim()).find((item) => item.includes(text));
  }

  theme(theme: Theme): Promise<void> {
    return chooseTheme(this.page, this.quickInput, theme);
  }

  /** Keeps a picture of the window as `out/screenshots/<journey>/<step>-<theme>.png`. */
  async screenshot(journey: string, step: string): Promise<void> {
    const file = `${step}-${await currentTheme(this.page)}.png`;
    await mkdir(path.join(screenshots, journey), { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, journey, file) });
  }

  /** Keeps a picture in each theme, and calls `look` in each; then goes back to the theme that was chosen before. */
  async inEachTheme(journey: string, step: string, look?: (theme: Theme) => Promise<void>): Promise<void> {
    const before = await currentTheme(this.page);
    for (const theme of [...themes.filter((other) => other !== before), before]) {
      await this.theme(theme);
      await this.screenshot(journey, step);
      await look?.(theme);
    }
  }

  /** Waits until an extension is activated; answers with what VS Code itself measured ("Startup Performance"). */
  activation(extensionId: string): Promise<Activation> {
    return until(
      () => `the activation of ${extensionId}`,
      async () => readActivation(await startupPerformance(this.page, this.quickInput), extensionId),
      30_000,
    );
  }

  /**
   * Waits until VS Code has written that an editor with `text` in its state is open. In a browser it does so every few
   * seconds; what was opened since then does not come back after a reload.
   */
  async editorsKept(text: string): Promise<void> {
    await until(
      () => `the editors with ${text} to be kept`,
      () => this.page.evaluate(keptEditors).then((kept) => kept.includes(text)),
      30_000,
    );
  }

  /** Loads the window anew, which starts another extension host. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
  }

  /** Keeps a picture and all logs in `folder`, for whoever looks why a test failed. */
  async keepArtifacts(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, 'workbench.png'), timeout: 5000 });
    await writeFile(path.join(folder, 'console.log'), this.#console.join('\n'));
    await cp(this.server.logsFolder, path.join(folder, 'logs'), { recursive: true });
  }

  /** Closes this window. The server goes on for the others. */
  async closeWindow(): Promise<void> {
    openWorkbenches.delete(this);
    await this.page.close();
  }

  /** Closes every window, ends VS Code and removes what it wrote. */
  async close(): Promise<void> {
    const { server } = this;
    for (const workbench of openWorkbenches)
      if (workbench.server === server) openWorkbenches.delete(workbench);
    await this.page.context().browser()?.close();
    await server.stop();
    await endLocalBackend(server.dataFolder);
    await rm(server.dataFolder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    // Until then menus, views and themes of extensions are not there. The mark is VS Code's own, for its start-up figures.
    await this.page.waitForFunction(
      () => performance.getEntriesByName('code/didLoadExtensions').length > 0,
      undefined,
      { timeout: 60_000 },
    );
    // A theme is an extension's, too; before it is read the window is light.
    await this.page.locator('.monaco-workbench[class*="vscode-theme-"]').waitFor();
  }
}

/** Runs in the page: what its databases hold of the open editors. */
async function keptEditors(): Promise<string> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('The database can not be read.'));
    });
  const kept: unknown[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = database.transaction(store).objectStore(store);
      kept.push(await settled(values.get('memento/workbench.parts.editor') as IDBRequest<unknown>));
    }
    database.close();
  }
  return JSON.stringify(kept);
}
