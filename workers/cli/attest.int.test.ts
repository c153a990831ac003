import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AuditChainSegment } from '@/lib/core/statements/predicates/audit-chain-segment';
import type { Statement } from '@/lib/core/statements/statement';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CLI = path.join(ROOT, 'workers/sealtrail.mjs');
const FIXTURES = path.join(ROOT, 'lib/core/formats/fixtures');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-attest-'));
  for (const [name, keys] of [['p256', generateKeyPairSync('ec', { namedCurve: 'P-256' })], ['ed25519', generateKeyPairSync('ed25519')], ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 })]] as const) {
    writeFileSync(path.join(folder, `${name}.pem`), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(path.join(folder, `${name}.pub`), keys.publicKey.export({ type: 'spki', format: 'pem' }));
    if (name === 'p256') writeFileSync(path.join(folder, 'encrypted.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }));
  }
  for (const name of ['valid', 'tampered']) copyFileSync(path.join(FIXTURES, `occasio/${name}.jsonl`), path.join(folder, `${name}.jsonl`));
  copyFileSync(path.join(FIXTURES, 'vouch/valid.jsonl'), path.join(folder, 'vouch.jsonl'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sealtrail = (args: string[], env: Record<string, string> = {}): SpawnSyncReturns<string> => spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
const statementOf = (...args: string[]) => JSON.parse(sealtrail(['attest', ...args, '--statement']).stdout) as Statement & { predicate: AuditChainSegment }; // what a test looks into

it.each(['p256', 'ed25519'])('signs with a %s key what verify-bundle then holds against the log', (key) => {
  const ran = sealtrail(['attest', 'valid.jsonl', '--key', `${key}.pem`, '--out', `${key}.json`, '--also', 'vsa', '--also', 'svr']);
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout).toContain('valid.jsonl  verified\n');
  for (const bundle of [`${key}.json`, `${key}.verification-summary.sigstore.json`, `${key}.verification-result.sigstore.json`]) {
    expect(sealtrail(['verify-bundle', bundle, 'valid.jsonl', '--key', `${key}.pub`])).toMatchObject({ status: 0 });
    expect(sealtrail(['verify-bundle', bundle, 'tampered.jsonl', '--key', `${key}.pub`])).toMatchObject({ status: 1 });
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('attests a log that does not hold as one that does not, and says so by its exit status', () => {
  const ran = sealtrail(['attest', 'tampered.jsonl', '--key', 'p256.pem', '--json']);
  expect(ran.status).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ verdict: 'tampered', records: 228, bundles: [{ file: 'tampered.jsonl.sigstore.json' }] });
  const { predicate } = statementOf('tampered.jsonl');
  expect(predicate).toMatchObject({ verdict: 'tampered', problems: { counts: { 'hash-mismatch': 1 }, placed: [{ record: 99, line: 100 }] }, rules: [], findings: [] });
  expect(Object.values(predicate.countsByDecision).reduce((sum, count) => sum + count, 0)).toBe(228);
});

it('says the same of the same log twice, but for its times', () => {
  const without = (statement: object) => JSON.stringify(statement).replaceAll(/"(verifiedAt|attestedAt)":"[^"]*"/g, '');
  expect(without(statementOf('vouch.jsonl'))).toBe(without(statementOf('vouch.jsonl')));
});

it('takes an encrypted key with its password alone', () => {
  expect(sealtrail(['attest', 'valid.jsonl', '--key', 'encrypted.pem', '--out', 'x.json'], { SEALTRAIL_KEY_PASSWORD: 'open sesame' })).toMatchObject({ status: 0 });
  expect(sealtrail(['attest', 'valid.jsonl', '--key', 'encrypted.pem', '--out', 'y.json'], { SEALTRAIL_KEY_PASSWORD: 'wrong' })).toMatchObject({ status: 2 });
  expect(existsSync(path.join(folder, 'y.json'))).toBe(false);
});

it.each([
  [['valid.jsonl'], 'say how to sign'],
  [['valid.jsonl', '--key', 'p256.pem', '--keyless'], 'say how to sign'],
  [['valid.jsonl', '--key', 'rsa.pem'], 'it is rsa'],
  [['valid.jsonl', '--key', 'none.pem'], 'none.pem cannot be read'],
  [['none.jsonl', '--key', 'p256.pem'], 'none.jsonl'],
  [['valid.jsonl', '--key', 'p256.pem', '--also', 'slsa'], '--also takes vsa or svr'],
  [['valid.jsonl', '--key', 'p256.pem', '--tsa', 'http://127.0.0.1:1'], 'SEALTRAIL_TSA_URL: needs SEALTRAIL_TRUSTED_ROOT'],
  [['valid.jsonl', '--keyless'], 'keyless needs an identity token'],
])('attest %j signs nothing, and says why', (args, message) => {
  const ran = sealtrail(['attest', ...args, '--out', 'never.json'], { SIGSTORE_ID_TOKEN: '', ACTIONS_ID_TOKEN_REQUEST_URL: '' });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(message);
  expect(existsSync(path.join(folder, 'never.json'))).toBe(false);
});

it('is what the GitHub Action runs: outputs, summary and exit status', () => {
  const action: { inputs: Record<string, { default?: string }>; runs: { steps: { run: string; env: Record<string, string> }[] } } = parse(readFileSync(path.join(ROOT, 'integrations/github-action/action.yml'), 'utf8'));
  const [step] = action.runs.steps;
  const act = (inputs: Record<string, string>) => {
    const given = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, value]) => [name, value.replace(/^\$\{\{ inputs\.([\w-]+) \}\}$/, (_, input: string) => inputs[input] ?? action.inputs[input]?.default ?? '')]));
    const files = { GITHUB_OUTPUT: path.join(folder, 'output'), GITHUB_STEP_SUMMARY: path.join(folder, 'summary') };
    for (const file of Object.values(files)) writeFileSync(file, '');
    // As a runner runs `shell: bash`.
    const ran = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...given, ...files, GITHUB_ACTION_PATH: path.join(ROOT, 'integrations/github-action') } });
    return { status: ran.status, output: readFileSync(files.GITHUB_OUTPUT, 'utf8'), summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
  };
  const key = readFileSync(path.join(folder, 'p256.pem'), 'utf8');
  expect(act({ log: 'valid.jsonl', key, bundle: 'by action.json', also: 'vsa' })).toEqual({ status: 0, output: 'verdict=verified\nrecords=228\nbundle=by action.json\n', summary: expect.stringContaining('Audit log: verified') });
  expect(sealtrail(['verify-bundle', 'by action.json', 'valid.jsonl', '--key', 'p256.pub'])).toMatchObject({ status: 0 });
  expect(act({ log: 'tampered.jsonl', key })).toMatchObject({ status: 1, output: expect.stringContaining('verdict=tampered') });
  expect(act({ log: 'tampered.jsonl', key, 'fail-on-broken': 'false' })).toMatchObject({ status: 0, output: expect.stringContaining('verdict=tampered') });
  expect(act({ log: 'valid.jsonl', key: 'no key', 'fail-on-broken': 'false' })).toMatchObject({ status: 2 });
  expect(act({ log: 'none.jsonl', key })).toMatchObject({ status: 2, output: '' });
});
