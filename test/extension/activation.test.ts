import assert from 'node:assert/strict';
import { extensions } from 'vscode';

describe('the extension', () => {
  it('activates in a real VS Code', async () => {
    const extension = extensions.getExtension('sagemaker-jobs.sagemaker-jobs');
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
