import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import axe from 'axe-core';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { webviewDocument } from '../../src/host/webviewDocument.ts';
import { type Api, type Handlers, type Params, Peer } from '../../src/protocol/rpc.ts';
import { type ThemeName, themes } from './themes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.ttf': 'font/ttf',
};

/** A browser, and a server that hands out a page as VS Code would: same document, same policy, same files. */
export class WebviewHarness<Host extends Api, Webview extends Api> {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #host: Handlers<Host>;

  private constructor(browser: Browser, server: Server, host: Handlers<Host>) {
    this.#browser = browser;
    this.#server = server;
    this.#host = host;
  }

  /** `page` names the folder of the page's script and its style sheet; `host` answers what a test does not. */
  static async start<Host extends Api, Webview extends Api>(
    page: string,
    title: string,
    host: Handlers<Host>,
  ): Promise<WebviewHarness<Host, Webview>> {
    const bundle = await build({
      absWorkingDir: root,
      entryPoints: [`src/webview/${page}/main.ts`],
      bundle: true,
      format: 'esm',
      target: 'es2023',
      write: false,
    });
    const script = bundle.outputFiles[0]?.text ?? '';
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://localhost').pathname);
      if (name === 'favicon.ico') return response.writeHead(204).end();
      void contentOf(name, { page, title, script }).then(
        (content) => {
          const type = contentTypes[path.extname(name)] ?? 'text/html; charset=utf-8';
          response.writeHead(200, { 'content-type': type }).end(content);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    return new WebviewHarness<Host, Webview>(browser, server, host);
  }

  /** Opens the page in a theme and a width, over a host whose answers a test can replace. */
  async open(options: OpenOptions<Host> = {}): Promise<OpenPage<Host, Webview>> {
    const context = await this.#browser.newContext({
      viewport: { width: options.width ?? 1280, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { port } = this.#server.address() as AddressInfo;
    context.setDefaultTimeout(5000);
    const host: Handlers<Host> = { ...this.#host, ...options.host };
    const opened = new OpenPage<Host, Webview>(context, await context.newPage(), host);
    await opened.connect(themes[options.theme ?? 'dark']);
    await opened.page.goto(`http://127.0.0.1:${port}/`);
    return opened;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export interface OpenOptions<Host extends Api> {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly host?: Partial<Handlers<Host>>;
}

/** An open page in the browser, and what it asked of the host. */
export class OpenPage<Host extends Api, Webview extends Api> {
  readonly page: Page;
  readonly calls: { readonly kind: string; readonly params: unknown }[] = [];
  /** Errors and refusals of the content security policy that the browser's console told. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #peer: Peer<Host, Webview>;

  constructor(context: BrowserContext, page: Page, handlers: Handlers<Host>) {
    this.#context = context;
    this.page = page;
    this.#peer = new Peer((frame) => this.#post(frame), this.#recorded(handlers));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** Puts VS Code's side of a webview into the page: its API, its style variables and its body class. */
  async connect(theme: (typeof themes)[ThemeName]): Promise<void> {
    await this.page.exposeBinding('postToHost', (_source, frame: unknown) => this.#peer.receive(frame));
    // tsx gives functions their names through a helper, which functions sent into the page look for there.
    await this.page.addInitScript('globalThis.__name = (target) => target;');
    await this.page.addInitScript(webviewEdge, theme);
  }

  /** Calls the page as the host does. */
  tell<K extends keyof Webview & string>(kind: K, params: Params<Webview, K>): Promise<unknown> {
    return this.#peer.call(kind, params);
  }

  called(kind: string): readonly unknown[] {
    return this.calls.filter((call) => call.kind === kind).map(({ params }) => params);
  }

  /** Waits until the host was asked for something so many times. */
  async waitForCall(kind: string, times = 1): Promise<unknown> {
    await until(() => this.called(kind).length >= times, `${times} × ${kind}`);
    return this.called(kind).at(-1);
  }

  /** What axe finds wrong, one line per rule and place. */
  async axe(): Promise<readonly string[]> {
    await this.page.evaluate(axe.source);
    return this.page.evaluate(async () => {
      const runner = (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe;
      const { violations } = await runner.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
      );
    });
  }

  /** Pixels by which the page is wider than its window. */
  sidewaysScroll(): Promise<number> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }

  async close(): Promise<void> {
    this.#peer.dispose();
    await this.#context.close();
  }

  #recorded(handlers: Handlers<Host>): Handlers<Host> {
    const all = Object.entries(handlers) as [string, (params: never) => unknown][];
    const recorded = all.map(([kind, handler]) => [
      kind,
      (params: never) => {
        this.calls.push({ kind, params });
        return handler(params);
      },
    ]);
    return Object.fromEntries(recorded) as Handlers<Host>;
  }

  #post(frame: unknown): void {
    // A page that reloads or closes no longer wants its answer.
    this.page.evaluate((message) => window.postMessage(message, '*'), frame).catch(() => undefined);
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** Polls a condition until it holds; fails with what was waited for. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited 5 s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function contentOf(
  name: string,
  { page, title, script }: Readonly<Record<'page' | 'title' | 'script', string>>,
): Promise<string | Buffer> {
  if (name === `${page}.js`) return script;
  if (name === '') {
    return webviewDocument({
      cspSource: "'self'",
      script: `/${page}.js`,
      styles: ['/codicon.css', '/webview.css', `/${page}.css`],
      title,
      language: 'en',
    });
  }
  const folder = name.startsWith('codicon') ? 'node_modules/@vscode/codicons/dist' : 'media';
  return readFile(path.join(root, folder, name));
}

/** Runs in the page before its own script. The saved state lies in the session, as VS Code keeps it over a reload. */
function webviewEdge(theme: {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}): void {
  const saved = sessionStorage.getItem('state');
  let state: unknown = saved === null ? undefined : JSON.parse(saved);
  const bridge = globalThis as unknown as { postToHost(frame: unknown): Promise<void> };
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => void bridge.postToHost(message),
      getState: () => state,
      setState: (next: unknown) => {
        state = next;
        sessionStorage.setItem('state', JSON.stringify(next));
      },
    }),
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.body.classList.add(theme.bodyClass);
    for (const [name, value] of Object.entries(theme.variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  });
}
