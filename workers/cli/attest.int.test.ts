import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AUDIT_CHAIN_POLICY, policyName } from '@/lib/core/statements/policies/audit-chain';
import type { AuditChainSegment } from '@/lib/core/statements/predicates/audit-chain-segment';
import type { Statement } from '@/lib/core/statements/statement';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CLI = path.join(ROOT, 'workers/sealtrail.mjs');
const FIXTURES = path.join(ROOT, 'lib/core/formats');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-attest-'));
  for (const [name, keys] of [
    ['p256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['ed25519', generateKeyPairSync('ed25519')],
    ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ] as const) {
    writeFileSync(path.join(folder, `${name}.pem`), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(path.join(folder, `${name}.pub`), keys.publicKey.export({ type: 'spki', format: 'pem' }));
    if (name === 'p256')
      writeFileSync(
        path.join(folder, 'encrypted.pem'),
        keys.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }),
      );
  }
  for (const name of ['valid', 'tampered'])
    copyFileSync(path.join(FIXTURES, `occasio/fixtures/${name}.jsonl`), path.join(folder, `${name}.jsonl`));
  copyFileSync(path.join(FIXTURES, 'vouch/fixtures/valid.jsonl'), path.join(folder, 'vouch.jsonl'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sealtrail = (args: string[], env: Record<string, string> = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
const statementOf = (...args: string[]) =>
  JSON.parse(sealtrail(['attest', ...args, '--statement']).stdout) as Statement & { predicate: AuditChainSegment }; // what a test looks into

it.each(['p256', 'ed25519'])('signs with a %s key what verify-bundle then holds against the log', (key) => {
  const ran = sealtrail([
    'attest',
    'valid.jsonl',
    '--key',
    `${key}.pem`,
    '--out',
    `${key}.json`,
    '--also',
    'vsa',
    '--also',
    'svr',
  ]);
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout).toContain('valid.jsonl  verified\n');
  for (const bundle of [
    `${key}.json`,
    `${key}.verification-summary.sigstore.json`,
    `${key}.verification-result.sigstore.json`,
  ]) {
    expect(sealtrail(['verify-bundle', bundle, 'valid.jsonl', '--key', `${key}.pub`])).toMatchObject({ status: 0 });
    expect(sealtrail(['verify-bundle', bundle, 'tampered.jsonl', '--key', `${key}.pub`])).toMatchObject({ status: 1 });
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('attests a log that does not hold as one that does not, and says so by its exit status', () => {
  const ran = sealtrail(['attest', 'tampered.jsonl', '--key', 'p256.pem', '--json']);
  expect(ran.status).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    verdict: 'tampered',
    records: 228,
    bundles: [{ file: 'tampered.jsonl.sigstore.json' }],
  });
  const { predicate } = statementOf('tampered.jsonl');
  expect(predicate).toMatchObject({
    verdict: 'tampered',
    problems: { counts: { 'hash-mismatch': 1 }, placed: [{ record: 99, line: 100 }] },
    rules: [],
    findings: [],
  });
  expect(Object.values(predicate.countsByDecision).reduce((sum, count) => sum + count, 0)).toBe(228);
});

it('says the same of the same log twice, but for its times', () => {
  const without = (statement: object) => JSON.stringify(statement).replaceAll(/"(verifiedAt|attestedAt)":"[^"]*"/g, '');
  expect(without(statementOf('vouch.jsonl'))).toBe(without(statementOf('vouch.jsonl')));
});

it('takes an encrypted key with its password alone', () => {
  expect(
    sealtrail(['attest', 'valid.jsonl', '--key', 'encrypted.pem', '--out', 'x.json'], {
      SEALTRAIL_KEY_PASSWORD: 'open sesame',
    }),
  ).toMatchObject({ status: 0 });
  expect(
    sealtrail(['attest', 'valid.jsonl', '--key', 'encrypted.pem', '--out', 'y.json'], {
      SEALTRAIL_KEY_PASSWORD: 'wrong',
    }),
  ).toMatchObject({ status: 2 });
  expect(existsSync(path.join(folder, 'y.json'))).toBe(false);
});

it.each([
  [['valid.jsonl'], 'say how to sign'],
  [['valid.jsonl', '--key', 'p256.pem', '--keyless'], 'say how to sign'],
  [['valid.jsonl', '--key', 'rsa.pem'], 'it is rsa'],
  [['valid.jsonl', '--key', 'none.pem'], 'none.pem cannot be read'],
  [['none.jsonl', '--key', 'p256.pem'], 'none.jsonl'],
  [['valid.jsonl', '--key', 'p256.pem', '--also', 'slsa'], '--also takes vsa or svr'],
  [
    ['valid.jsonl', '--key', 'p256.pem', '--tsa', 'http://127.0.0.1:1'],
    'SEALTRAIL_TSA_URL: needs SEALTRAIL_TRUSTED_ROOT',
  ],
  [['valid.jsonl', '--keyless'], 'keyless needs an identity token'],
])('attest %j signs nothing, and says why', (args, message) => {
  const ran = sealtrail(['attest', ...args, '--out', 'never.json'], {
    SIGSTORE_ID_TOKEN: '',
    ACTIONS_ID_TOKEN_REQUEST_URL: '',
  });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(message);
  expect(existsSync(path.join(folder, 'never.json'))).toBe(false);
});

/** The steps of the action, as a runner runs them: one after another, with the outputs of those before. */
function actIn(
  cwd: string,
  action: string,
  inputs: Record<string, string>,
): { status: number | null; output: string; summary: string; stderr: string } {
  const {
    inputs: declared,
    runs,
  }: {
    inputs: Record<string, { default?: string }>;
    runs: { steps: { id: string; run: string; env?: Record<string, string> }[] };
  } = parse(readFileSync(path.join(action, 'action.yml'), 'utf8'));
  const files = { GITHUB_OUTPUT: path.join(cwd, '.output'), GITHUB_STEP_SUMMARY: path.join(cwd, '.summary') };
  const outputs: Record<string, string> = {};
  writeFileSync(files.GITHUB_STEP_SUMMARY, '');
  let last: SpawnSyncReturns<string> | null = null;
  for (const { id, run, env = {} } of runs.steps) {
    const value = (text: string) =>
      text
        .replace(/^\$\{\{ inputs\.([\w-]+) \}\}$/, (_, name: string) => inputs[name] ?? declared[name]?.default ?? '')
        .replace(
          /^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$/,
          (_, step: string, name: string) => outputs[`${step}.${name}`] ?? '',
        );
    writeFileSync(files.GITHUB_OUTPUT, '');
    // Nothing of the test's own npm.
    const clean = { ...process.env };
    for (const name of Object.keys(clean)) if (/^npm_|^NODE_OPTIONS$/i.test(name)) delete clean[name];
    last = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd,
      encoding: 'utf8',
      env: {
        ...clean,
        ...Object.fromEntries(Object.entries(env).map(([name, text]) => [name, value(text)])),
        ...files,
        RUNNER_TEMP: folder,
        GITHUB_REPOSITORY: 'o/r',
        GITHUB_ACTION_PATH: action,
      },
    });
    for (const line of readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n'))
      outputs[`${id}.${line.split('=')[0]}`] = line.slice(line.indexOf('=') + 1);
    if (last.status !== 0) break;
  }
  return {
    status: last?.status ?? null,
    output: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    stderr: last?.stderr ?? '',
  };
}

it('is what the GitHub Action runs, from a checkout in which nothing is installed, in a folder with nothing but the log', () => {
  const checkout = path.join(folder, 'checkout');
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'workers', 'lib', 'integrations'])
    cpSync(path.join(ROOT, part), path.join(checkout, part), { recursive: true });
  const cwd = path.join(folder, 'job');
  mkdirSync(cwd);
  for (const name of ['valid.jsonl', 'tampered.jsonl']) copyFileSync(path.join(folder, name), path.join(cwd, name));
  const act = (inputs: Record<string, string>) => actIn(cwd, path.join(checkout, 'integrations/github-action'), inputs);
  const key = readFileSync(path.join(folder, 'p256.pem'), 'utf8');
  expect(act({ log: 'valid.jsonl', key, bundle: 'by action.json', also: 'vsa' })).toMatchObject({
    status: 0,
    output: 'verdict=verified\nrecords=228\nbundle=by action.json\n',
    summary: expect.stringContaining('Audit log: verified'),
  });
  expect(sealtrail(['verify-bundle', 'job/by action.json', 'valid.jsonl', '--key', 'p256.pub'])).toMatchObject({
    status: 0,
  });
  const summary = sealtrail([
    'verify-bundle',
    'job/by action.verification-summary.sigstore.json',
    'valid.jsonl',
    '--key',
    'p256.pub',
  ]);
  expect(summary).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('https://github.com/o/r says PASSED of file:valid.jsonl'),
  });
  expect(act({ log: 'tampered.jsonl', key })).toMatchObject({
    status: 1,
    output: expect.stringContaining('verdict=tampered'),
  });
  expect(act({ log: 'tampered.jsonl', key, 'fail-on-broken': 'false' })).toMatchObject({
    status: 0,
    output: expect.stringContaining('verdict=tampered'),
  });
  expect(act({ log: 'valid.jsonl', key: 'no key', 'fail-on-broken': 'false' })).toMatchObject({ status: 2 });
  expect(act({ log: 'none.jsonl', key })).toMatchObject({ status: 2, output: '' });
  // The checkout is as it was.
  expect(readdirSync(checkout).toSorted()).toEqual([
    'integrations',
    'lib',
    'package-lock.json',
    'package.json',
    'tsconfig.json',
    'workers',
  ]);
}, 300_000);

it('commits a summary to the policy it was made under, and passes nothing that holds content under no hash', () => {
  copyFileSync(path.join(FIXTURES, 'occasio/fixtures/legacy-then-chain.jsonl'), path.join(folder, 'legacy.jsonl'));
  for (const [log, result] of [
    ['valid', 'PASSED'],
    ['tampered', 'FAILED'],
    ['legacy', 'FAILED'],
  ] as const) {
    sealtrail([
      'attest',
      `${log}.jsonl`,
      '--key',
      'p256.pem',
      '--out',
      `${log}.out.json`,
      '--also',
      'vsa',
      '--verifier',
      'https://ci.example',
      '--resource-uri',
      'https://logs.example/a',
    ]);
    const reported = JSON.parse(
      sealtrail([
        'verify-bundle',
        `${log}.out.verification-summary.sigstore.json`,
        `${log}.jsonl`,
        '--key',
        'p256.pub',
        '--json',
      ]).stdout,
    );
    expect(reported).toMatchObject({
      ok: true,
      statement: {
        predicate: {
          verificationResult: result,
          verifier: { id: 'https://ci.example', version: { sealtrail: expect.any(String) } },
          resourceUri: 'https://logs.example/a',
          policy: { uri: policyName(AUDIT_CHAIN_POLICY), digest: { sha256: AUDIT_CHAIN_POLICY.sha256 } },
        },
      },
    });
  }
});
