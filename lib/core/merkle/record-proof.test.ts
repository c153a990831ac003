import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testSigner } from '../../testing/sign';
import { canonicalJson, statementPayload } from '../statements/dsse';
import type { Trust } from '../statements/verify-bundle';
import { formatCheckpoint } from './checkpoint';
import { leafHash } from './hash';
import { proveInclusion, rootHash } from './prove';
import { RECORD_PROOF_MEDIA_TYPE, type RecordProof, formatRecordProof } from './record-proof';
import { type NoteKeyKind, formatNoteSignature, formatVerifierKey, parseVerifierKey, signedMessage } from './signed-note';
import { formatTlogProof } from './tlog-proof';
import { type RecordProofTrust, verifyRecordProof } from './verify-record-proof';

const RECORDS = 100;
const lines = Array.from({ length: RECORDS }, (_, n) => Buffer.from(`{"n":${n}}`));
const source = ({ index, width }: { index: number; width: number }) => Promise.resolve(Buffer.concat(lines.slice(256 * index, 256 * index + width).map((line) => leafHash(line))));
const root = Buffer.from(await rootHash(source, RECORDS));

const pair = generateKeyPairSync('ed25519');
const keyOf = (name: string, kind: NoteKeyKind = 'ed25519', key = pair.publicKey) => parseVerifierKey(formatVerifierKey(name, kind, key.export({ type: 'spki', format: 'der' }).subarray(-32)));
const signNote = (name: string, text: string) => `${text}\n${formatNoteSignature({ name, id: keyOf(name).id, bytes: sign(null, signedMessage(text, 'ed25519'), pair.privateKey) })}`;
const checkpointOf = (origin: string, size = RECORDS, rootBytes: Uint8Array = root) => signNote(origin, formatCheckpoint({ origin, size, rootHash: rootBytes }));

const spec = readFileSync(new URL('../statements/predicates/audit-chain-segment.md', import.meta.url), 'utf8');
const example: { subject: object[] } = JSON.parse(/## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}');
const signer = testSigner();
const trust: Trust = { keys: [signer.key], trustedRoot: null, identities: [], require: { logEntries: 0, timestamps: 0 } };
const bundleOf = async (head: { sha256: string; size: number }): Promise<Record<string, unknown>> => {
  const subject = [...example.subject, { name: 'x/tree-head', digest: { sha256: head.sha256 }, annotations: { tree: 'RFC 6962', size: head.size } }];
  return z.record(z.string(), z.unknown()).parse(await signer.signBundle(statementPayload({ ...example, subject })));
};
const bundle = await bundleOf({ sha256: root.toString('hex'), size: RECORDS });

const witness = generateKeyPairSync('ed25519');
const witnessKey = keyOf('witness.example', 'cosignature', witness.publicKey);
function cosign(text: string): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_679_315_147n);
  return formatNoteSignature({ name: witnessKey.name, id: witnessKey.id, bytes: Buffer.concat([time, sign(null, signedMessage(text, 'cosignature', 1_679_315_147n), witness.privateKey)]) });
}

/** A log of three entries of which the second tells of the bundle. */
async function logOf(about: unknown): Promise<NonNullable<RecordProof['log']>> {
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(`${canonicalJson(about)}\n`))).toString('hex');
  const entries = ['a', JSON.stringify({ kind: 'attestation', bundleSha256: digest }), 'c'].map((text) => Buffer.from(text));
  const hashes = ({ width }: { width: number }) => Promise.resolve(Buffer.concat(entries.slice(0, width).map((entry) => leafHash(entry))));
  const text = formatCheckpoint({ origin: 'log.example/tlog', size: 3, rootHash: await rootHash(hashes, 3) });
  return { entry: Uint8Array.from(entries[1] ?? []), proof: formatTlogProof({ extra: null, index: 1, hashes: await proveInclusion(hashes, { index: 1, size: 3 }), checkpoint: signNote('log.example/tlog', text) + cosign(text) }) };
}

const good: RecordProof = {
  mediaType: RECORD_PROOF_MEDIA_TYPE,
  record: { ordinal: 42, line: Uint8Array.from(lines[42] ?? []) },
  tree: { size: RECORDS, rootHash: root.toString('hex') },
  hashes: (await proveInclusion(source, { index: 42, size: RECORDS })).map((hash) => Uint8Array.from(hash)),
  checkpoint: checkpointOf('log.example/chains/7'),
  bundle,
  log: await logOf(bundle),
};
const otherRoot = await bundleOf({ sha256: 'cd'.repeat(32), size: RECORDS });
const otherSize = await bundleOf({ sha256: root.toString('hex'), size: RECORDS + 1 });
const otherLog = await logOf({ another: 'bundle' });
const logKey = keyOf('log.example/tlog');
const all: RecordProofTrust = { trust, checkpointKeys: [logKey, witnessKey] };
const json = (proof: RecordProof): unknown => JSON.parse(formatRecordProof(proof));
const failing = (proof: unknown, given = all) => verifyRecordProof(proof, given).steps.filter(({ ok }) => !ok).map(({ id }) => id);

describe('verifyRecordProof', () => {
  it('passes step by step, whoever of the two that signed the head is trusted', () => {
    const check = verifyRecordProof(json(good), all);
    expect(check.steps.map(({ id, ok }) => [id, ok])).toEqual([['proof', true], ['inclusion', true], ['checkpoint', true], ['envelope', true], ['signature', true], ['statement', true], ['head', true], ['entry', true]]);
    expect(check).toMatchObject({ ok: true, record: { ordinal: 42, treeSize: RECORDS }, cosignedAt: [{ witness: 'witness.example', at: '2023-03-20T12:25:47.000Z' }] });
    expect(verifyRecordProof(json(good), { trust, checkpointKeys: [] }).ok).toBe(true);
    expect(verifyRecordProof(json({ ...good, bundle: null, log: null }), { trust: null, checkpointKeys: [logKey] }).ok).toBe(true);
    expect(verifyRecordProof(json(good), { trust: null, checkpointKeys: [keyOf('log.example/chains/7'), logKey] }).ok).toBe(true);
  });

  it('fails when nobody who is trusted signed', () => {
    expect(failing(json(good), { trust: null, checkpointKeys: [] })).toEqual(['head']);
    expect(failing(json({ ...good, bundle: null }), { trust, checkpointKeys: [] })).toEqual(['head']);
    expect(failing(json(good), { trust: { ...trust, keys: [] }, checkpointKeys: [logKey] })).toContain('envelope');
  });

  it.each<[string, Partial<RecordProof>, string[]]>([
    ['another record', { record: { ...good.record, line: Uint8Array.from(lines[41] ?? []) } }, ['inclusion']],
    ['another place', { record: { ...good.record, ordinal: 43 } }, ['inclusion']],
    ['a place beyond the tree', { record: { ...good.record, ordinal: RECORDS } }, ['inclusion']],
    ['a hash too few', { hashes: good.hashes.slice(1) }, ['inclusion']],
    ['another size', { tree: { ...good.tree, size: RECORDS - 1 } }, ['checkpoint', 'head']],
    ['another root', { tree: { ...good.tree, rootHash: 'ab'.repeat(32) } }, ['inclusion', 'checkpoint', 'head']],
    ['a checkpoint of another host', { checkpoint: checkpointOf('other.example/chains/7') }, ['checkpoint']],
    ['a checkpoint of the log itself over the same tree', { checkpoint: checkpointOf('log.example/tlogs') }, ['checkpoint']],
    ['a checkpoint of another size', { checkpoint: checkpointOf('log.example/chains/7', RECORDS + 1) }, ['checkpoint']],
    ['a checkpoint of another root', { checkpoint: checkpointOf('log.example/chains/7', RECORDS, new Uint8Array(32)) }, ['checkpoint']],
    ['a bundle about another root', { bundle: otherRoot, log: null }, ['head']],
    ['a bundle about another size', { bundle: otherSize, log: null }, ['head']],
    ['an entry about another bundle', { log: otherLog }, ['entry']],
    ['another entry', { log: good.log && { ...good.log, entry: Uint8Array.of(1) } }, ['entry']],
    ['an entry and no bundle', { bundle: null }, ['entry']],
  ])('fails %s', (_, change, steps) => {
    expect(failing(json({ ...good, ...change }))).toEqual(steps);
  });

  it('fails with a change of a byte, wherever', () => {
    const text = JSON.stringify(json(good));
    const payload = text.indexOf('"payload":"');
    const accepted: string[] = [];
    // Of the long payload, of which every byte is under one signature, some are enough.
    for (let at = 0; at < text.length; at += at > payload && at < payload + 4000 ? 37 : 2) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      if (verifyRecordProof(parsed(changed), all).ok) accepted.push(`${at}: ${changed.slice(at - 20, at + 20)}`);
    }
    expect(accepted).toEqual([]);
  });

  it('fails when none of the witnesses that are asked for cosigned', () => {
    const stranger = keyOf('stranger.example', 'cosignature', generateKeyPairSync('ed25519').publicKey);
    expect(failing(json(good), { trust, checkpointKeys: [logKey, stranger] })).toEqual(['entry']);
  });

  it('never throws', () => {
    expect(verifyRecordProof(undefined, all)).toMatchObject({ ok: false, record: null, bundle: null });
    fc.assert(fc.property(fc.anything(), (given) => !verifyRecordProof(given, all).ok));
    fc.assert(fc.property(fc.string(), fc.string(), (checkpoint, proof) => !verifyRecordProof({ ...good, checkpoint, log: { entry: '', proof } }, all).ok));
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
