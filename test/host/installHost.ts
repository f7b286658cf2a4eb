// Installs a real VS Code (server, web workbench, extension host) out of packages of the npm registry, for machines
// without a display or without access to the download server of the desktop VS Code. No compiler is needed: native
// modules are prebuilt ones or have a stand-in. Run as a program it installs and says so.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cacheFolder.ts';
import { withFileLock } from './fileLock.ts';
import {
  codeServer,
  nodePty,
  type PinnedPackage,
  platform,
  ripgrep,
  unneededModules,
  vscodeVersion,
} from './recipe.ts';
import { runCommand } from './runCommand.ts';

const standIns = { '@vscode/spdlog': 'spdlog.cjs', 'native-watchdog': 'nativeWatchdog.cjs' };
const here = import.meta.dirname;

/** The hosted VS Code's folder; installs it first when it is not there yet. */
export async function installHost(say: (line: string) => void = () => {}): Promise<string> {
  const hosts = path.join(cacheFolder, 'vscode-host');
  const folder = path.join(hosts, `${vscodeVersion}-${platform}-${await recipeHash()}`);
  if (existsSync(folder)) return folder;
  await mkdir(hosts, { recursive: true });
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    say(`Installing VS Code ${vscodeVersion} for tests (45 MB from the npm registry) into ${folder}`);
    const scratch = await mkdtemp(path.join(hosts, 'installing-'));
    try {
      const root = path.join(scratch, 'root');
      await assemble(root, scratch);
      await verify(root);
      // Only a complete install ever has the final name.
      await rename(root, folder);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
  return folder;
}

/** A change of anything that decides what is installed gives another folder, so no stale install is ever used. */
async function recipeHash(): Promise<string> {
  const hash = createHash('sha256');
  const files = ['installHost.ts', 'recipe.ts', ...Object.values(standIns).map((file) => `standIns/${file}`)];
  for (const file of files) hash.update(await readFile(path.join(here, file)));
  return hash.digest('hex').slice(0, 12);
}

async function assemble(root: string, scratch: string): Promise<void> {
  const packages = [codeServer, nodePty, ripgrep()];
  const [server, pty, rg] = await Promise.all(packages.map((pinned) => fetchPackage(pinned, scratch)));
  await unpack(server!, root, 3, ['--exclude=*.map', 'package/lib/vscode']);
  // The lock file inside the package pins these. Optional ones stay: the file watcher's binary is among them.
  await retryOnce(() => npm(['ci', '--omit=dev', '--legacy-peer-deps', '--no-bin-links'], root));

  const modules = path.join(root, 'node_modules');
  await rm(path.join(modules, 'node-pty'), { recursive: true });
  await unpack(pty!, path.join(modules, 'node-pty'), 1, [
    'package/package.json',
    'package/lib',
    `package/prebuilds/${platform}`,
  ]);
  await unpack(rg!, path.join(scratch, 'ripgrep'), 1, []);
  const binary = path.join(modules, '@vscode/ripgrep/bin/rg');
  await mkdir(path.dirname(binary), { recursive: true });
  await copyFile(path.join(scratch, 'ripgrep/bin/rg'), binary);
  await chmod(binary, 0o755);
  for (const [name, file] of Object.entries(standIns)) {
    const module = path.join(modules, name);
    await rm(module, { recursive: true });
    await mkdir(module);
    await writeFile(path.join(module, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    await copyFile(path.join(here, 'standIns', file), path.join(module, 'index.js'));
  }
  for (const name of unneededModules) await rm(path.join(modules, name), { recursive: true, force: true });
  // Some built-in extensions look for their modules in the archive that the desktop VS Code has.
  await symlink('node_modules', path.join(root, 'node_modules.asar'));
}

async function fetchPackage({ spec, integrity }: PinnedPackage, scratch: string): Promise<string> {
  const folder = await mkdtemp(path.join(scratch, 'pack-'));
  await retryOnce(() => npm(['pack', spec, '--pack-destination', folder], scratch));
  const [name] = await readdir(folder);
  if (name === undefined) throw new Error(`npm pack ${spec} made no file.`);
  const file = path.join(folder, name);
  const digest = `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`;
  if (digest !== integrity) throw new Error(`${spec} is not the expected file: ${digest}`);
  return file;
}

async function unpack(archive: string, folder: string, strip: number, members: string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runCommand('tar', ['-xzf', archive, '-C', folder, `--strip-components=${strip}`, ...members]);
}

function npm(args: string[], cwd: string): Promise<string> {
  // Inside `npm test` the outer npm passes its own settings on, which would change what the inner one does.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(config_(global|prefix|local_prefix|dry_run|workspaces?|omit|include)|lifecycle)/.test(name),
    ),
  );
  return runCommand('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
  });
}

async function retryOnce<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch {
    // A registry that is busy for a moment must not fail a whole run; the second failure is reported.
    return action();
  }
}

async function verify(root: string): Promise<void> {
  const version = await runCommand(process.execPath, [path.join(root, 'out/server-main.js'), '--version']);
  if (!version.startsWith(vscodeVersion)) throw new Error(`The installed VS Code says it is ${version}`);
  await runCommand(path.join(root, 'node_modules/@vscode/ripgrep/bin/rg'), ['--version']);
  const load = 'for (const name of ["@parcel/watcher", "node-pty", "@vscode/spdlog"]) require(name)';
  await runCommand(process.execPath, ['-e', load], { cwd: root });
  for (const file of [
    'vs/code/browser/workbench/workbench.js',
    'vs/workbench/api/node/extensionHostProcess.js',
  ])
    if (!existsSync(path.join(root, 'out', file))) throw new Error(`${file} is missing from the install.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await installHost(console.log);
