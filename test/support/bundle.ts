import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const bundles = new Map<string, Promise<string>>();
let folder: string | undefined;

/**
 * Bundles an entry of `src`, such as `backend/main.ts`, as the build does, once a process; the folder goes with the
 * process. Entries with the same name as in `dist` lie beside each other. Node 20 can't start a thread or another
 * process from TypeScript.
 */
export function bundle(entry: string, name: string): Promise<string> {
  let bundled = bundles.get(entry);
  if (!bundled) {
    bundled = write(entry, name);
    bundles.set(entry, bundled);
  }
  return bundled;
}

async function write(entry: string, name: string): Promise<string> {
  const outfile = path.join(temporaryFolder(), name);
  await build({
    entryPoints: [path.join(root, 'src', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    logLevel: 'warning',
    // CommonJS dependencies inside an ES module bundle still call `require` for Node's built-in modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

function temporaryFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(path.join(tmpdir(), 'bundles-'));
    writeFileSync(path.join(made, 'package.json'), '{"type":"module"}');
    folder = made;
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  return folder;
}

/** The backend as the product has it: its trainer beside it. Answers with the path of the backend. */
export async function bundleBackend(): Promise<string> {
  await bundleTrainerWorker();
  return bundle('backend/main.ts', 'backend.js');
}

export function bundleTrainerWorker(): Promise<string> {
  return bundle('backend/trainerWorker.ts', 'trainerWorker.js');
}
