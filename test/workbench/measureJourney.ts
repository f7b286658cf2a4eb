// Measures the start-up of the packaged extension and its main job; prints one line of JSON. Used by `npm run bench`.
import { until } from './driver/until.ts';
import { startWorkbench } from './driver/workbench.ts';
import { extensionId, removeWorkspace, sampleWorkspace, vsixFile } from './product.ts';
import { runMainJob } from './runMainJob.ts';

const starts = 5;

const folder = await sampleWorkspace();
const workbench = await startWorkbench({ folder, vsix: vsixFile() });
try {
  const activateMs: number[] = [];
  const loadMs: number[] = [];
  for (let start = 0; start < starts; start++) {
    if (start > 0) await workbench.reload();
    const activation = await until('the activation', () => workbench.activation(extensionId));
    activateMs.push(activation.activateMs);
    loadMs.push(activation.loadMs);
  }
  const { firstLineMs } = await runMainJob(workbench, () => undefined);
  console.log(JSON.stringify({ activateMs, loadMs, firstLineMs }));
} finally {
  await workbench.close();
  await removeWorkspace(folder);
}
