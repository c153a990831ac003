import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const EXCEPTION = "// oxlint-disable-next-line house/no-decision-on-words -- another program's";
const DECIDED = [
  "return error.message.includes('x');",
  "return error?.message?.startsWith('x');",
  "return String(error.message).toLowerCase().endsWith('x');",
  'return /busy/i.test(error.message);',
  'return SEEN.has(row.title);',
  "return row.detail === 'not checked';",
  'return detail !== row.detail;',
  "return (error.message ?? '').match(/x/);",
  "return row['reason'].startsWith('x');",
  "switch (error.message) { case 'x': return 1; default: return 2; }",
  'return TABLE[error.message];',
];
const VALUES = [
  "return check.reason.code === 'no-trusted-root';",
  "return error.code === 'ENOENT';",
  "return error.message === '' || row.detail === null || error.message === undefined;",
  'return signal.reason === TABLE;',
  'return `${row.title}: ${row.detail}`;',
  `${EXCEPTION}\nreturn error.message.includes('x');`,
];
const USELESS = `${EXCEPTION}\nreturn error.code === 'x';`;

/** What lint says of each body of a function. */
function lint(bodies: readonly string[]): (string | null)[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-lint-'));
  try {
    writeFileSync(
      path.join(folder, '.oxlintrc.json'),
      JSON.stringify({
        jsPlugins: [path.join(import.meta.dirname, 'house-rules.mjs')],
        options: { reportUnusedDisableDirectives: 'error' },
        rules: { 'house/no-decision-on-words': 'error' },
      }),
    );
    for (const [n, body] of bodies.entries())
      writeFileSync(
        path.join(folder, `sample-${n}.ts`),
        `export function sample(error: any, row: any, check: any, signal: any, detail: any, TABLE: any, SEEN: Set<string>): unknown {\n${body}\n}\n`,
      );
    const { stdout } = spawnSync(
      process.execPath,
      [path.join(ROOT, 'node_modules/oxlint/bin/oxlint'), '-c', '.oxlintrc.json', '-A', 'all', '-f', 'unix', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    return bodies.map((_, n) => stdout.split('\n').find((line) => line.includes(`sample-${n}.ts:`)) ?? null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('nothing is decided by what a sentence says, values may decide, and an exception excepts something', () => {
  const said = lint([...DECIDED, ...VALUES, USELESS]);
  expect(DECIDED.filter((_, n) => !said[n]?.includes('no-decision-on-words'))).toEqual([]);
  expect(VALUES.filter((_, n) => said[DECIDED.length + n] !== null)).toEqual([]);
  expect(said.at(-1)).toContain('Unused oxlint-disable directive');
});
