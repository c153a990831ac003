import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { exitCode } from '@/lib/core/chain/verdict';
import { ROOT } from '../root';

const LIST = path.join(ROOT, 'lib/testing/sixth-format/list.ts');
const SAMPLES = path.join(ROOT, 'lib/testing/sixth-format/fixtures');

function run(...args: string[]) {
  return spawnSync(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', '--import', LIST, path.join(ROOT, 'workers/cli.ts'), ...args],
    { cwd: ROOT, encoding: 'utf8' },
  );
}

it.each([
  ['valid', 'verified', 12],
  ['tampered', 'tampered', 12],
  ['gap', 'gap', 11],
  ['reordered', 'tampered', 12],
  ['truncated-tail', 'corrupt', 11],
] as const)(
  'a format without a fast path or a verifier of its own is verified as any: %s is %s',
  (name, verdict, records) => {
    const ran = run('verify', '--json', path.join(SAMPLES, `${name}.jsonl`));
    expect(ran.stderr).toBe('');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      format: 'sixth',
      verdict,
      records,
      referenceVerifier: null,
      checkedSidecars: [],
    });
    expect(ran.status).toBe(exitCode(verdict));
  },
);

it('names it, and no verifier of its own', () => {
  const { stdout } = run('verify', '--reference-verifier', path.join(SAMPLES, 'valid.jsonl'));
  expect(stdout).toContain('Sixth  verified');
  expect(stdout).not.toContain('own verifier');
  expect(run('formats').stdout).toContain('sixth       Sixth');
});
