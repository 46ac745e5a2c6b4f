/**
 * Runs every check, or those named: `npm test -- unit browser`.
 *
 * All stages run even where one fails. The last line counts tests, e.g. `123 passed, 0 failed`; a stage that fails
 * without naming a failed test, such as a type error, counts as one failed.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkSizes } from './sizes.mjs';
import { ROOT, checkNode, ensureChromium, installPackages, run, stop } from './setup.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const REPORTS = '.cache/reports';

/**
 * @param {string} script A script of a package, relative to node_modules.
 * @param {string[]} args
 */
function runTool(script, ...args) {
  return run(process.execPath, [join('node_modules', script), ...args]);
}

/**
 * What a test runner wrote; undefined where it did not come so far.
 * @param {string} name
 * @returns {any}
 */
function readReport(name) {
  const path = join(ROOT, REPORTS, `${name}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * @param {string} project
 * @returns {() => boolean}
 */
function vitest(project) {
  const report = `--outputFile.json=${REPORTS}/${project}.json`;
  return () =>
    runTool('vitest/vitest.mjs', 'run', '--project', project, '--reporter=default', '--reporter=json', report);
}

function playwright() {
  process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] = join(ROOT, REPORTS, 'e2e.json');
  return runTool('@playwright/test/cli.js', 'test', '--reporter=list,json');
}

/**
 * @param {string} name
 * @returns {Counts | undefined}
 */
function vitestCounts(name) {
  /** @type {Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests', number> | undefined} */
  const report = readReport(name);
  return (
    report && {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  );
}

/**
 * A flaky test passed at last, but counts as failed: it says that something is wrong.
 * @returns {Counts | undefined}
 */
function playwrightCounts() {
  /** @type {Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number> | undefined} */
  const stats = readReport('e2e')?.stats;
  return stats && { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

/** @type {Record<string, { execute: () => boolean, count?: () => Counts | undefined, browser?: true }>} */
const STAGES = {
  typecheck: { execute: () => runTool('typescript/bin/tsc', '--build', '--pretty') },
  lint: {
    execute: () => {
      const clean = runTool('eslint/bin/eslint.js', '.', '--max-warnings', '0');
      return runTool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.') && clean;
    },
  },
  unit: { execute: vitest('unit'), count: () => vitestCounts('unit') },
  build: { execute: () => runTool('vite/bin/vite.js', 'build', '--logLevel=warn') },
  sizes: { execute: () => checkSizes() },
  browser: { execute: vitest('browser'), count: () => vitestCounts('browser'), browser: true },
  e2e: { execute: playwright, count: playwrightCounts, browser: true },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in STAGES));
if (unknown.length > 0) stop(`No such stage: ${unknown.join(', ')}. There are ${Object.keys(STAGES).join(', ')}.`);

checkNode();
installPackages();
const stages = Object.entries(STAGES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
if (stages.some(([, stage]) => stage.browser)) await ensureChromium();

rmSync(join(ROOT, REPORTS), { recursive: true, force: true });
mkdirSync(join(ROOT, REPORTS), { recursive: true });

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const summary = [];
let allWell = true;
for (const [name, stage] of stages) {
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const well = stage.execute();
  const counts = stage.count?.() ?? { passed: 0, failed: 0, skipped: 0 };
  if (!well && counts.failed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  allWell &&= well && counts.failed === 0;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  summary.push(`${name.padEnd(9)} ${well ? 'ok    ' : 'FAILED'} ${seconds.padStart(7)} s`);
}

console.log(`\n${summary.join('\n')}\n`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = allWell ? 0 : 1;
