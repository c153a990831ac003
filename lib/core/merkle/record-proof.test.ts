import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unmetSteps } from '../../testing/checks';
import { RECORDS, makeRecordProof } from '../../testing/record-proof';
import { type RecordProof, formatRecordProof } from './record-proof';
import { type RecordProofTrust, verifyRecordProof } from './verify-record-proof';

const {
  proof: good,
  lines,
  root,
  bundleOf,
  logOf,
  checkpointOf,
  keyOf,
  trust,
  logKey,
  witnessKey,
} = await makeRecordProof();
const otherRoot = await bundleOf({ sha256: 'cd'.repeat(32), size: RECORDS });
const otherSize = await bundleOf({ sha256: root.toString('hex'), size: RECORDS + 1 });
const otherLog = await logOf({ another: 'bundle' });
const all: RecordProofTrust = { trust, checkpointKeys: [logKey, witnessKey] };
const json = (proof: RecordProof): unknown => JSON.parse(formatRecordProof(proof));
const failing = (proof: unknown, given = all) => unmetSteps(verifyRecordProof(proof, given));

describe('verifyRecordProof', () => {
  it('passes step by step, whoever of the two that signed the head is trusted', () => {
    const check = verifyRecordProof(json(good), all);
    expect(check.steps.map(({ step, status }) => [step, status])).toEqual(
      ['proof', 'inclusion', 'checkpoint', 'envelope', 'signature', 'statement', 'head', 'entry'].map((step) => [
        step,
        'passed',
      ]),
    );
    expect(check).toMatchObject({
      ok: true,
      record: { ordinal: 42, treeSize: RECORDS },
      cosignedAt: [{ witness: 'witness.example', at: '2023-03-20T12:25:47.000Z' }],
    });
    expect(verifyRecordProof(json(good), { trust, checkpointKeys: [] }).ok).toBe(true);
    expect(
      verifyRecordProof(json({ ...good, bundle: null, log: null }), { trust: null, checkpointKeys: [logKey] }).ok,
    ).toBe(true);
    expect(
      verifyRecordProof(json(good), { trust: null, checkpointKeys: [keyOf('log.example/chains/7'), logKey] }).ok,
    ).toBe(true);
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
    [
      'a checkpoint of the log itself over the same tree',
      { checkpoint: checkpointOf('log.example/tlogs') },
      ['checkpoint'],
    ],
    ['a checkpoint of another size', { checkpoint: checkpointOf('log.example/chains/7', RECORDS + 1) }, ['checkpoint']],
    [
      'a checkpoint of another root',
      { checkpoint: checkpointOf('log.example/chains/7', RECORDS, new Uint8Array(32)) },
      ['checkpoint'],
    ],
    ['a bundle about another root', { bundle: otherRoot, log: null }, ['head', 'entry']],
    ['a bundle about another size', { bundle: otherSize, log: null }, ['head', 'entry']],
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
    expect(failing(json({ ...good, log: null }))).toEqual(['entry']);
    expect(failing(json(good), { trust, checkpointKeys: [witnessKey] })).toEqual(['entry']);
  });

  it('never throws', () => {
    expect(verifyRecordProof(undefined, all)).toMatchObject({ ok: false, record: null, bundle: null });
    fc.assert(fc.property(fc.anything(), (given) => !verifyRecordProof(given, all).ok));
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (checkpoint, proof) => !verifyRecordProof({ ...good, checkpoint, log: { entry: '', proof } }, all).ok,
      ),
    );
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
