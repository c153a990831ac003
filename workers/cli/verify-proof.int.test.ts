import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { formatRecordProof } from '@/lib/core/merkle/record-proof';
import { formatVerifierKey } from '@/lib/core/merkle/signed-note';
import { formatTlogProof } from '@/lib/core/merkle/tlog-proof';
import { makeRecordProof } from '@/lib/testing/record-proof';
import { testSigner } from '@/lib/testing/sign';

const ROOT = path.resolve(import.meta.dirname, '../..');
const made = await makeRecordProof();
const { proof } = made;
const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-proof-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const verifierKey = ({ name, kind, publicKey }: typeof made.logKey) => formatVerifierKey(name, kind, publicKey);
write('42.proof.json', formatRecordProof(proof));
write(
  '42.tlog-proof',
  formatTlogProof({ extra: proof.record.line, index: 42, hashes: proof.hashes, checkpoint: proof.checkpoint }),
);
write('moved.proof.json', formatRecordProof({ ...proof, record: { ...proof.record, ordinal: 41 } }));
write('own.pem', made.publicKeyPem);
write('other.pem', testSigner().key.publicKeyPem);
write('log.vkey', `${verifierKey(made.logKey)}\n`);

const run = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [path.join(ROOT, 'workers/sealtrail.mjs'), 'verify-proof', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

it('holds by the key of the bundle, by that of the log, and by both with a witness', () => {
  const ran = run(
    '42.proof.json',
    '--key',
    'own.pem',
    '--log-key',
    'log.vkey',
    '--witness-key',
    verifierKey(made.witnessKey),
  );
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toContain('42.proof.json  holds\n');
  expect(ran.stdout).toContain(
    'entry 1 of 3 in log.example/tlog, cosigned by witness.example at 2023-03-20T12:25:47.000Z',
  );
  expect(ran.stdout).toContain('record 42: {"n":42}\n');
  expect(ran.status).toBe(0);
  expect(run('42.proof.json', '--key', 'own.pem').status).toBe(0);
  expect(run('42.tlog-proof', '--log-key', verifierKey(made.logKey))).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('signed as log.example/chains/7'),
  });
});

it('does not hold for another place, or under another key', () => {
  const ran = run('moved.proof.json', '--key', 'own.pem', '--json');
  expect(JSON.parse(ran.stdout)).toMatchObject({
    ok: false,
    record: { ordinal: 41, line: '{"n":42}' },
    steps: expect.arrayContaining([
      expect.objectContaining({
        step: 'inclusion',
        status: 'failed',
        reason: expect.objectContaining({ code: 'proof-differs', part: 'tree-root' }),
      }),
    ]),
  });
  expect(ran.status).toBe(1);
  expect(run('42.proof.json', '--key', 'other.pem').status).toBe(1);
});

it.each([
  [['42.proof.json'], 'say whom to trust'],
  [['none', '--log-key', 'log.vkey'], 'cannot be read: ENOENT'],
  [['own.pem', '--log-key', 'log.vkey'], 'own.pem is no proof of a record'],
  [['42.proof.json', '--log-key', 'own.pem'], 'a verifier key reads name+id+key'],
  [['42.proof.json', '--log-key', verifierKey(made.witnessKey)], 'one of a witness'],
])('ends with 2 for %j', (args, message) => {
  expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});
