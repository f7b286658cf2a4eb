import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';

/** Mocha's `spec` reporter, which also writes its counts to the file named by MOCHA_COUNTS, for `npm test` to add up. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    // A test that needed its second try passes, but never silently.
    runner.on('retry', (test, error) => console.log(`    ! tried again: ${test.title}: ${error.message}`));
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      const file = process.env.MOCHA_COUNTS;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
}
