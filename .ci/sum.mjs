// Adds up the reports of the vitest runs: `node sum.mjs <failed steps> <folder of reports>`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [steps = '0', folder = ''] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
}
// A step may fail without a failed test: types, a file that does not load, a start. It counts as well.
failed = Math.max(failed, Number(steps));
if (passed === 0 && failed === 0) failed = 1;
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
