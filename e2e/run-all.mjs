// `npm test`: every check there is, on a machine with nothing but Node 20 and npm. `npm test -- unit types` runs only those.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../workers/build.mjs';
import { ensureInstalled, pinnedNode, ROOT } from '../workers/install.mjs';
import { findBrowser } from './browser.mjs';
import { withScratch } from './scratch.mjs';

/** A step that hangs is a failed step. */
const STEP_LIMIT_MS = 50 * 60_000;

/** @typedef {{ passed: number, failed: number }} Count */
/** Takes what a step says; null where it is shown as it comes. @typedef {((chunk: string | Buffer) => void) | null} Write */
/** @typedef {{ reports: string, write: Write, browser: Promise<import('./browser.mjs').Browser> | null }} Surroundings */
/** @type {Record<string, (around: Surroundings) => Promise<Count>>} */
const STEPS = {
  lint: ({ write }) => one(run('oxlint/bin/oxlint', ['--deny-warnings'], { write })),
  format: ({ write }) => one(run('@biomejs/biome/bin/biome', ['format'], { write })),
  types: ({ write }) =>
    one(
      run('next/dist/bin/next', ['typegen'], { write }).then((typegen) =>
        typegen === 0 ? run('typescript/bin/tsc', ['--noEmit', '--incremental', 'false'], { write }) : typegen,
      ),
    ),
  /** Files and packages that nothing uses. */
  knip: ({ write }) => one(run('knip/bin/knip.js', ['--no-progress'], { write })),
  unit: (around) => vitest('unit', around),
  /** They wait for engines and for other processes as much as they work. */
  integration: (around) => vitest('integration', around, ['--maxWorkers=3']),
  build: () => one(ensureBuilt({ say }).then(() => 0)),
  e2e: (around) => playwright(around),
  /** Hundreds of kills: `npm run test:crash`. A few are part of `e2e`. */
  crash: (around) => playwright(around, ['--project=crash']),
};
/** Steps one after another, and those side by side that only read the sources, and work on one core for most of their time. */
const TURNS = [['lint', 'format', 'types', 'knip'], ['unit'], ['integration'], ['build'], ['e2e'], ['crash']];
const IN_A_BROWSER = ['e2e', 'crash'];
/** Steps that only run when they are asked for. */
const ON_REQUEST = new Set(['crash']);

const requested = process.argv.slice(2);
const unknown = requested.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  process.stderr.write(`There is no step ${unknown.join(', ')}; steps are ${Object.keys(STEPS).join(', ')}.\n`);
  process.exit(2);
}
process.exit(await main());

async function main() {
  const total = { passed: 0, failed: 0 };
  const reports = mkdtempSync(path.join(tmpdir(), 'sealtrail-reports-'));
  try {
    await ensureInstalled({ dev: true, say });
    const isRun = (/** @type {string} */ name) =>
      requested.length > 0 ? requested.includes(name) : !ON_REQUEST.has(name);
    // Where there is none it comes over the network, beside steps that need none.
    const browser = IN_A_BROWSER.some(isRun) ? findBrowser({ say }) : null;
    browser?.catch(() => undefined); // told by the step that needs it
    for (const turn of TURNS.map((names) => names.filter(isRun)))
      for (const count of await Promise.all(
        turn.map((name) => runStep(name, { reports, browser }, turn.length === 1)),
      )) {
        total.passed += count.passed;
        total.failed += count.failed;
      }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    total.failed += 1;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  say(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/**
 * What a step says is shown as it comes when it is `alone`, else together when it ends.
 * @param {string} name @param {Omit<Surroundings, 'write'>} around @param {boolean} alone @returns {Promise<Count>}
 */
async function runStep(name, around, alone) {
  /** @type {(string | Buffer)[]} */
  const held = [];
  if (alone) say(`\n── ${name}`);
  const startedAt = Date.now();
  const count = await STEPS[name]({ ...around, write: alone ? null : (chunk) => held.push(chunk) }).catch((error) => {
    held.push(`${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1 };
  });
  if (!alone) say(`\n── ${name}`);
  for (const chunk of held) process.stdout.write(chunk);
  say(`── ${name}: ${count.failed === 0 ? 'good' : 'NOT good'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return count;
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/** A step that is one check. @param {Promise<number>} exit @returns {Promise<Count>} */
async function one(exit) {
  return (await exit) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @param {string} project @param {Surroundings} around @param {string[]} [args] @returns {Promise<Count>} */
async function vitest(project, { reports, write }, args = []) {
  const report = path.join(reports, `${project}.json`);
  const shown = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const exit = await withScratch((env) =>
    run('vitest/vitest.mjs', ['run', '--project', project, ...shown, ...args], { write, env }),
  );
  const found = readReport(report);
  return crashedToo(exit, { passed: found?.numPassedTests ?? 0, failed: found?.numFailedTests ?? 0 });
}

/** @param {Surroundings} around @param {string[]} [args] @returns {Promise<Count>} */
async function playwright({ reports, write, browser: found }, args = []) {
  const browser = await (found ?? findBrowser({ say }));
  const report = path.join(reports, 'e2e.json');
  const env = { ...browser.env, SEALTRAIL_CHROMIUM: browser.executablePath, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const exit = await run('@playwright/test/cli.js', ['test', '--reporter=list,json', ...args], { write, env });
  const stats = readReport(report)?.stats;
  // A test that passed at the second try has passed; which one it was is in the list above.
  return crashedToo(exit, { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0 });
}

/** A runner that ends badly without a failed test has failed itself. @param {number} exit @param {Count} count */
function crashedToo(exit, count) {
  return exit !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** @param {string} file */
function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * Runs a tool of node_modules on the pinned Node, its output written.
 * @param {string} script below node_modules @param {string[]} args @param {{ write: Write, env?: NodeJS.ProcessEnv }} around @returns {Promise<number>} exit status
 */
function run(script, args, { write, env = {} }) {
  return new Promise((resolve, reject) => {
    const node = pinnedNode();
    const child = spawn(node, [path.join(ROOT, 'node_modules', script), ...args], {
      cwd: ROOT,
      stdio: write ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        SEALTRAIL_TEST_NODE: process.execPath,
        NEXT_TELEMETRY_DISABLED: '1',
        PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
        ...env,
      },
    });
    if (write) for (const stream of [child.stdout, child.stderr]) stream?.on('data', write);
    const limit = setTimeout(() => child.kill('SIGKILL'), STEP_LIMIT_MS);
    child.once('error', reject);
    child.once(write ? 'close' : 'exit', (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}
