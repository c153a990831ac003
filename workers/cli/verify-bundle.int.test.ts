import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statementPayload } from '@/lib/core/statements/dsse';
import { buildVerificationSummary } from '@/lib/core/statements/predicates/verification-summary';
import { keylessSigner } from '@/lib/attest/signers/keyless';
import { trustSource } from '@/lib/attest/signers/trust-source';
import { testSigner } from '@/lib/testing/sign';
import { signingFolder } from '@/lib/testing/sigstore/environment';
import { startStandIns } from '@/lib/testing/sigstore/stand-ins';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SAMPLES = path.join(ROOT, 'lib/core/formats/occasio/fixtures');
const spec = readFileSync(path.join(ROOT, 'lib/core/statements/predicates/audit-chain-segment.md'), 'utf8');
/** It speaks of occasio/tampered.jsonl. */
const statement: Record<string, unknown> = JSON.parse(/## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}');

let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-bundle-'));
  const own = testSigner();
  bundle = write('bundle.json', JSON.stringify(await own.signBundle(statementPayload(statement))));
  write('own.pem', own.key.publicKeyPem);
  write('other.pem', testSigner().key.publicKeyPem);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}
const run = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [path.join(ROOT, 'workers/sealtrail.mjs'), 'verify-bundle', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
const tampered = path.join(SAMPLES, 'tampered.jsonl');

it('holds for the file the statement is about, under the key it was signed with', () => {
  const ran = run(bundle, tampered, '--key', 'own.pem');
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toContain('bundle.json  holds\n');
  expect(ran.stdout).toMatch(/ok {4}.*tampered\.jsonl: SHA-256 of the bytes/);
  expect(ran.status).toBe(0);
});

it('does not hold for another file, and says what was compared', () => {
  const ran = run(
    bundle,
    tampered,
    path.join(SAMPLES, 'valid.jsonl'),
    '--key',
    'other.pem',
    '--key',
    'own.pem',
    '--json',
  );
  const reported = JSON.parse(ran.stdout);
  expect(reported).toMatchObject({ ok: false, checks: [{ file: tampered, ok: true }, { ok: false }] });
  expect(reported.checks[1].steps.at(-1)).toMatchObject({
    step: 'subject',
    status: 'failed',
    reason: { code: 'subject-differs', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    detail: expect.stringContaining('the statement is about'),
  });
  expect(ran.status).toBe(1);
});

it('does not hold under another key, nor with another byte in it', () => {
  expect(run(bundle, '--key', 'other.pem')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('FAIL  The bundle is a signed in-toto statement: the bundle names key SHA256:'),
  });
  const text = readFileSync(bundle, 'utf8');
  const at = text.indexOf('"payload":"') + 40;
  const changed = write('changed.json', text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
  expect(run(changed, '--key', 'own.pem')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('FAIL  The signature is by a key we trust'),
  });
});

it('takes the keys as they are published, and nothing one signed after it was taken out of use', () => {
  const list = (retiredAt: unknown) =>
    write(
      'keys.json',
      JSON.stringify({
        items: [
          {
            hint: 'x',
            algorithm: 'x',
            createdAt: '2019-01-01T00:00:00Z',
            retiredAt,
            publicKeyPem: readFileSync(path.join(folder, 'own.pem'), 'utf8'),
          },
        ],
        nextCursor: null,
      }),
    );
  for (const inUse of [null, '2100-01-01T00:00:00Z'])
    expect(run(bundle, '--key', list(inUse))).toMatchObject({ status: 0 });
  expect(run(bundle, '--key', list('2020-01-01T00:00:00Z'))).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(
      'FAIL  The signature is by a key we trust: its key was retired at 2020-01-01T00:00:00Z, and the statement is of',
    ),
  });
  for (const unread of ['soon', undefined])
    expect(run(bundle, '--key', list(unread))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is no public key'),
    });
});

it('ends with 2 for what cannot be read', () => {
  expect(run('none.json', '--key', 'own.pem')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('none.json cannot be read: ENOENT'),
  });
  expect(run(bundle, '--key', tampered)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is no public key'),
  });
  expect(run(write('no.json', 'x'), '--key', 'own.pem')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is no bundle'),
  });
  expect(run(bundle)).toMatchObject({ status: 2 });
});

it('takes a certificate for the identity asked for, with its log entry and timestamp, and no other', async () => {
  const sigstore = await startStandIns();
  const own = await signingFolder();
  const root = await own.file('root.json', sigstore.trustedRoot);
  const env = own.env({
    SEALTRAIL_SIGNER: 'keyless',
    SIGSTORE_ID_TOKEN: sigstore.token(),
    SEALTRAIL_SIGNING_CONFIG: await own.file('config.json', sigstore.signingConfig(2)),
    SEALTRAIL_TRUSTED_ROOT: root,
  });
  const now = () => new Date();
  const signed = await keylessSigner(env.signing, trustSource(env, now), now).sign(
    Buffer.from(statementPayload(statement)),
  );
  await sigstore.close();
  const keyless = write('keyless.json', JSON.stringify(bundleToJSON(signed)));
  const issuer = ['--certificate-oidc-issuer', 'https://issuer.example'];
  const subject = ['--certificate-identity', 'https://ci.example/sealtrail'];
  const required = ['--trusted-root', root, '--require-log', '--require-timestamp'];

  const ran = run(keyless, tampered, ...required, ...subject, ...issuer, '--json');
  expect(JSON.parse(ran.stdout)).toMatchObject({
    ok: true,
    signedBy: { kind: 'certificate', subject: subject[1], issuer: issuer[1] },
    times: [{ kind: 'timestamp' }],
    logEntries: [{ at: null }],
  });
  expect(
    run(
      keyless,
      ...required,
      '--certificate-identity-regexp',
      'https://ci\\.example/.*',
      '--certificate-oidc-issuer-regexp',
      '.*',
    ),
  ).toMatchObject({ status: 0 });
  expect(run(keyless, ...required, '--certificate-identity', 'https://ci.example/another', ...issuer)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('accepted is https://ci.example/another'),
  });
  expect(run(keyless, '--key', 'own.pem', '--trusted-root', root)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('say whose it must be'),
  });
  expect(run(bundle, '--key', 'own.pem', ...required)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('at least 1 required, the bundle carries 0'),
  });
  await own.remove();
});

it.each([
  [['--trusted-root', 'own.pem'], 'say whom to trust'],
  [['--key', 'own.pem', '--certificate-identity', 'x'], 'go together'],
  [['--key', 'own.pem', '--require-log'], '--require-log needs --trusted-root'],
  [['--key', 'own.pem', '--certificate-identity', 'x', '--certificate-identity-regexp', 'x'], 'the same thing twice'],
  [['--key', 'own.pem', '--certificate-identity-regexp', '('], 'is no pattern'],
  [['--key', 'own.pem', '--trusted-root', 'own.pem'], 'own.pem is no trusted root'],
])('does not guess at %j', (options, said) => {
  expect(run(bundle, ...options)).toMatchObject({ status: 2, stderr: expect.stringContaining(said) });
});

it('tries the key that is given whatever name the bundle has for it, and tells the name', () => {
  const json = JSON.parse(readFileSync(bundle, 'utf8'));
  for (const hint of [
    'release key 2026',
    '',
    'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'f'.repeat(64),
    undefined,
  ]) {
    const renamed = write(
      'renamed.json',
      JSON.stringify({ ...json, verificationMaterial: { ...json.verificationMaterial, publicKey: { hint } } }),
    );
    expect(run(renamed, tampered, '--key', 'other.pem', '--key', 'own.pem')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`hint ${hint || 'none'}`),
    });
    expect(run(renamed, tampered, '--key', 'other.pem')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('verifies with none of those known'),
    });
  }
});

it.each([
  ['JSON Lines', (bundles: string[]) => bundles.join('\n')],
  ['a list', (bundles: string[]) => `[${bundles.join(',')}]`],
])('reads several bundles of one file as %s: each has to hold, and one has to be about each file', async (_, join) => {
  const own = testSigner();
  write('several.pem', own.key.publicKeyPem);
  const about = (name: string) => ({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: createHash('sha256').update(name).digest('hex') } }],
    predicateType: 'https://example.com/t',
    predicate: {},
  });
  const bundles = await Promise.all(
    ['one', 'two'].map(async (name) => JSON.stringify(await own.signBundle(statementPayload(about(name))))),
  );
  for (const name of ['one', 'two', 'three']) write(name, name);
  const file = write('several.jsonl', join(bundles));
  expect(run(file, 'one', 'two', '--key', 'several.pem')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/bundle 1 of 2 {2}holds\n[\s\S]*-- {4}two: [\s\S]*bundle 2 of 2 {2}holds\n/),
  });
  expect(run(file, 'one', 'three', '--key', 'several.pem')).toMatchObject({ status: 1 });
  expect(run(file, '--key', 'other.pem')).toMatchObject({ status: 1 });
  expect(
    run(file, 'one', '--key', 'several.pem', '--json')
      .stdout.trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { n: 0, ok: true },
    { n: 1, ok: true },
  ]);
  expect(run(write('half.jsonl', `${bundles[0] ?? ''}\n{"x":`), '--key', 'several.pem')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is no bundle'),
  });
});

it('refuses a statement that passes a log which does not hold, and one that names more than its result is about', async () => {
  const own = testSigner();
  write('vsa.pem', own.key.publicKeyPem);
  const log = readFileSync(tampered);
  const lines = log.toString('utf8').split('\n');
  const excerpt = write('x.records-0-50.jsonl', `${lines.slice(0, 51).join('\n')}\n`);
  const subjectOf = (file: string) => ({
    name: path.basename(file),
    digest: { sha256: createHash('sha256').update(readFileSync(file)).digest('hex') },
  });
  const vsa = async (name: string, subject: ReturnType<typeof subjectOf>[]) => {
    const made = buildVerificationSummary({
      subject,
      verifier: { id: 'https://sealtrail.example', version: {} },
      verifiedAt: '2026-05-12T00:00:00Z',
      resourceUri: 'https://sealtrail.example/a',
      standing: { verdict: 'verified', hasUncovered: false },
      policy: { uri: 'https://sealtrail.example/p', digest: { sha256: 'a'.repeat(64) } },
      inputAttestations: [],
    });
    return write(name, JSON.stringify(await own.signBundle(statementPayload(made))));
  };
  const good = await vsa('good.json', [subjectOf(excerpt)]);
  expect(run(good, excerpt, '--key', 'vsa.pem')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/ok {4}.*x\.records-0-50\.jsonl: It says PASSED/),
  });
  expect(run(good, tampered, '--key', 'vsa.pem')).toMatchObject({ status: 1 });
  const old = await vsa('old.json', [subjectOf(excerpt), subjectOf(tampered)]);
  for (const files of [[], [excerpt], [tampered]])
    expect(run(old, ...files, '--key', 'vsa.pem')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        'FAIL  The statement names no more than its result is about: it says PASSED of the excerpt "x.records-0-50.jsonl"',
      ),
    });
  const false_ = await vsa('false.json', [subjectOf(tampered)]);
  expect(run(false_, tampered, '--key', 'vsa.pem')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(
      'It says PASSED: tampered.jsonl has a SHA-256 it names. Walked again here, it is tampered.',
    ),
  });
});
