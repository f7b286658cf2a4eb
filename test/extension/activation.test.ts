import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Extension, extensions } from 'vscode';

/** The SDK names itself in its own code, which outlives minifying. */
const awsCode = /aws-sdk|smithy/;

describe('the extension', () => {
  let extension: Extension<unknown>;

  before(async () => {
    const found = extensions.getExtension('sagemaker-jobs.sagemaker-jobs');
    assert.ok(found, 'the extension is not installed');
    extension = found;
    await extension.activate();
  });

  it('activates in a real VS Code', () => {
    assert.equal(extension.isActive, true);
  });

  it('loads no AWS code before its first use', async () => {
    const bundle = path.join(extension.extensionPath, 'dist');
    const chunks = (await readdir(path.join(bundle, 'chunks')))
      .filter((file) => file.endsWith('.js'))
      .map((file) => path.join(bundle, 'chunks', file));
    const withAwsCode = await filesWith(awsCode, chunks);
    assert.ok(withAwsCode.length > 0, 'AWS code is no longer recognised');

    const loaded = (await loadedFiles()).filter((file) => file.startsWith(bundle + path.sep));
    assert.ok(loaded.includes(path.join(bundle, 'extension.js')), loaded.join('\n'));
    assert.deepEqual(await filesWith(awsCode, loaded), []);
  });
});

async function filesWith(text: RegExp, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) if (text.test(await readFile(file, 'utf8'))) found.push(file);
  return found;
}

/** Every file that this extension host has run code of, as the debugger would list it. */
async function loadedFiles(): Promise<string[]> {
  const session = new Session();
  session.connect();
  const urls: string[] = [];
  session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url));
  await session.post('Debugger.enable');
  session.disconnect();
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
}
