import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';

/** Mocha's `spec` reporter, which also writes its counts to the file named by MOCHA_COUNTS, for `npm test` to add up. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      const file = process.env.MOCHA_COUNTS;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
}
