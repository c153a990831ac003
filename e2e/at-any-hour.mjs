// `npm run test:hours`: unit and integration tests under other clocks and in other zones, and several times over as it is. Needs libfaketime (Debian: `faketime`).
// `npm run test:hours -- --repeats 3 --only 02-29 lib/attest` runs those of `lib/attest` three times, and under clocks whose names have a 02-29.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, pinnedNode, ROOT } from '../workers/install.mjs';
import { withScratch } from './scratch.mjs';

/**
 * A zone with a change of whole hours, one with a change of half an hour, and one that has none and lies 5:45 off: it takes the days of others. All lie ahead: to a clock
 * before the logs that tests are given these are of the future, which is another matter, with tests of its own.
 */
const ZONES = [
  { zone: 'America/New_York', forward: '2027-03-14', back: '2027-11-07' },
  { zone: 'Australia/Lord_Howe', forward: '2027-10-03', back: '2027-04-04' },
  { zone: 'Asia/Kathmandu', forward: '2027-03-28', back: '2027-10-31' },
];
/** Local time at which each run begins. @param {(typeof ZONES)[number]} zone @returns {string[]} */
const clocksOf = ({ forward, back }) => [
  '2026-11-28 00:00:00.000',
  '2026-11-28 12:00:00.000',
  '2026-11-28 23:59:59.900',
  '2028-02-29 10:30:00.000',
  '2026-12-31 23:58:00.000',
  `${forward} 01:58:30.000`,
  `${back} 01:58:30.000`,
];

/** A run that hangs is a failed run. */
const RUN_LIMIT_MS = 60 * 60_000;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    'plain-only': { type: 'boolean', default: false },
  },
});
const library = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib']
  .map((folder) => path.join(folder, 'faketime/libfaketimeMT.so.1'))
  .find((file) => existsSync(file));

await ensureInstalled({ dev: true, say });
const reports = mkdtempSync(path.join(tmpdir(), 'sealtrail-hours-'));
say(`What each run said lies in ${reports}`);
const total = { runs: 0, bad: 0, passed: 0, failed: 0 };

if (!values['plain-only']) {
  if (!library) {
    process.stderr.write('libfaketime is not there: install it (Debian: apt-get install faketime)\n');
    process.exit(2);
  }
  for (const zone of ZONES) {
    for (const clock of clocksOf(zone)) {
      const name = `${clock} ${zone.zone}`;
      if (!name.includes(values.only)) continue;
      const faked = { LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1', TZ: zone.zone };
      // Each file of unit tests begins at that very instant; processes that work together have one clock, which goes on.
      await one(`${name} unit`, 'unit', { ...faked, FAKETIME: `@${clock}` });
      await one(`${name} integration`, 'integration', { ...faked, FAKETIME: secondsAhead(clock, zone.zone) });
    }
  }
}
for (let time = 1; time <= Number(values.repeats); time += 1)
  for (const project of ['unit', 'integration']) await one(`time ${time} of ${values.repeats} ${project}`, project, {});

say(`\n${total.runs} runs, ${total.bad} of them not good; ${total.passed} tests passed, ${total.failed} failed`);
process.exitCode = total.bad === 0 && total.runs > 0 ? 0 : 1;

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/** How far a clock is ahead of ours that shows this local time now. @param {string} clock @param {string} zone */
function secondsAhead(clock, zone) {
  const utcMs = Date.parse(`${clock.replace(' ', 'T')}Z`);
  const shown = (/** @type {number} */ ms) =>
    Date.parse(
      `${new Date(ms).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')}.${String(ms % 1000).padStart(3, '0')}Z`,
    );
  // The offset of a zone at an instant, looked up where it is about to apply.
  let atMs = utcMs;
  for (let turn = 0; turn < 3; turn += 1) atMs += utcMs - shown(atMs);
  const seconds = (atMs - Date.now()) / 1000;
  return `${seconds < 0 ? '' : '+'}${seconds.toFixed(3)}`;
}

/** One run of one project, told in one line. @param {string} name @param {'unit' | 'integration' | string} project @param {Record<string, string>} env */
async function one(name, project, env) {
  const startedAt = Date.now();
  const base = path.join(
    reports,
    `${String(readdirSync(reports).length).padStart(3, '0')} ${name.replaceAll(/[^\w.-]+/g, ' ')}`,
  );
  const exit = await withScratch((scratch) => runTests(project, base, { ...scratch, ...env }));
  const report = existsSync(`${base}.json`) ? JSON.parse(readFileSync(`${base}.json`, 'utf8')) : {};
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, testResults = [] } = report;
  const isGood = exit === 0 && passed > 0;
  total.runs += 1;
  total.passed += passed;
  total.failed += failed;
  if (!isGood) total.bad += 1;
  const files = testResults
    .filter((/** @type {{ status: string }} */ { status }) => status !== 'passed')
    .map((/** @type {{ name: string }} */ { name: file }) => path.relative(ROOT, file));
  say(
    `${name}: ${isGood ? 'good' : 'NOT good'}, ${passed} passed, ${failed} failed (${((Date.now() - startedAt) / 1000).toFixed(0)} s)${files.length > 0 ? `: ${files.join(', ')}` : ''}`,
  );
}

/** @param {string} project @param {string} base what the names of its log and report begin with @param {Record<string, string>} env @returns {Promise<number | null>} exit status */
async function runTests(project, base, env) {
  const node = pinnedNode();
  const output = createWriteStream(`${base}.log`);
  const child = spawn(
    node,
    [
      path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${base}.json`,
      ...positionals,
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`, ...env },
    },
  );
  for (const stream of [child.stdout, child.stderr]) stream.pipe(output, { end: false });
  const limit = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  const exit = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(limit);
  output.end();
  return exit;
}
