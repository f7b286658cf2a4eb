import path from 'node:path';
import { openWorkbenches } from './driver/workbench.ts';

const artifacts = path.join(import.meta.dirname, '../../out/artifacts/workbench');

/** After a failed test keeps what every open window shows, and the logs. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test.fullTitle().replace(/[^a-z0-9]+/gi, '-');
    for (const [index, workbench] of [...openWorkbenches].entries()) {
      const folder = path.join(artifacts, name, `window-${index + 1}`);
      await workbench.keepArtifacts(folder);
      console.log(`Screenshot and logs: ${folder}`);
    }
  },
};
