import assert from 'node:assert/strict';
import { startWorkbench, type Workbench } from './driver/workbench.ts';
import { extensionId, removeWorkspace, sample, sampleWorkspace, vsixFile } from './product.ts';

describe('the packaged extension', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await sampleWorkspace();
    workbench = await startWorkbench({ folder, vsix: vsixFile() });
  });
  after(async () => {
    await workbench.close();
    await removeWorkspace(folder);
  });

  it('offers to train on a CSV file in the explorer', async () => {
    const entries = await workbench.explorer.contextMenu(sample);
    await workbench.screenshot('smoke', '1-explorer-menu');
    await workbench.menu.close();
    assert.ok(entries.includes('SageMaker: Train on CSV…'), entries.join('\n'));
  });

  it('shows its view in each theme', async () => {
    await workbench.tree.openContainer('SageMaker Jobs');
    await workbench.inEachTheme('smoke', '2-training-jobs');
    assert.match(
      await workbench.page.locator('.part.sidebar .composite.title').innerText(),
      /SageMaker Jobs/i,
    );
  });

  it('is activated', async () => {
    const { activateMs } = await workbench.activation(extensionId);
    assert.ok(Number.isFinite(activateMs));
  });
});
