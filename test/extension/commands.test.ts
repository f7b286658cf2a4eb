import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/host/manifest.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('the commands', () => {
  const extension = vscode.extensions.getExtension('sagemaker-jobs.sagemaker-jobs');

  it('are those that the manifest contributes, and all are registered', async () => {
    await extension?.activate();
    const contributed = (extension?.packageJSON as Manifest).contributes.commands.map(
      ({ command }) => command,
    );
    assert.deepEqual([...commandIds].sort(), contributed.toSorted());
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
