import type { Reporter, TestModule } from 'vitest/node';
import { mysqlMissingLine, mysqlWanted } from './engines.js';
import { redisMissingLine, redisWanted } from './private-redis.js';

/** Says last how many tests ran, and whether an engine or Redis was left out, so that nobody overlooks it. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') counts[state] += 1;
      }
    }
    // The summary of the default reporter is printed in the same turn; these lines come after it.
    setImmediate(() => {
      console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
      if (mysqlWanted() === 'none') console.log(mysqlMissingLine);
      if (!redisWanted()) console.log(redisMissingLine);
    });
  }
}
