import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../../core/merkle/checkpoint';
import { leafHash } from '../../core/merkle/hash';
import { proveInclusion, rootHash } from '../../core/merkle/prove';
import { RECORD_PROOF_MEDIA_TYPE, formatRecordProof } from '../../core/merkle/record-proof';
import { formatNoteSignature, formatVerifierKey, noteKeyId, signedMessage } from '../../core/merkle/signed-note';
import { formatTlogProof } from '../../core/merkle/tlog-proof';
import { reportOn, titlesOf } from '../../testing/ask-verifier';
import { makeZip } from '../../testing/make-zip';

const RECORDS = Array.from({ length: 100 }, (_, n) => Buffer.from(`{"n":${n}}`));
const source = ({ index, width }: { index: number; width: number }) => Promise.resolve(Buffer.concat(RECORDS.slice(256 * index, 256 * index + width).map((line) => leafHash(line))));
const root = await rootHash(source, RECORDS.length);
const hashes = await proveInclusion(source, { index: 42, size: RECORDS.length });

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const signNote = (name: string, text: string) => `${text}\n${formatNoteSignature({ name, id: noteKeyId(name, 'ed25519', raw), bytes: sign(null, signedMessage(text, 'ed25519'), privateKey) })}`;
const checkpointOf = (origin: string) => signNote(origin, formatCheckpoint({ origin, size: RECORDS.length, rootHash: root }));
const keyOf = (name: string) => `${formatVerifierKey(name, 'ed25519', raw)}\n`;

describe('a C2SP proof', () => {
  const proofOf = (extra: Uint8Array | null) => formatTlogProof({ extra, index: 42, hashes, checkpoint: checkpointOf('log.example/tlog') });
  const proof = proofOf(null);
  const KEY = keyOf('log.example/tlog');
  const [RECORD = Buffer.of(), OTHER = Buffer.of()] = [RECORDS[42], RECORDS[41]];

  it.each<[string, Record<string, string | Uint8Array>]>([
    ['the record as a file', { 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': RECORD }],
    ['the record with a newline', { 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': Buffer.concat([RECORD, Buffer.from('\n')]) }],
    ['the record in the proof', { 'p.tlog-proof': proofOf(RECORD), 'log.vkey': KEY }],
  ])('holds with %s', async (_, files) => {
    expect(await reportOn(files)).toMatchObject({ outcome: 'holds', checked: [{ kind: 'proof', says: { words: 'Entry 42 of the 100 in log.example/tlog', proven: true } }] });
  });

  it('is not checked without the record, or the key', async () => {
    expect(titlesOf(await reportOn({ 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': OTHER }), 'unchecked')).toEqual(['What it is about is in the tree']);
    expect(titlesOf(await reportOn({ 'p.tlog-proof': proof, 'record.json': RECORD }), 'unchecked')).toEqual(['The head of the tree is signed']);
  });

  it('fails with another head under the name of the log', async () => {
    const forged = proof.replace('log.example/tlog\n100\n', 'log.example/tlog\n101\n');
    expect(titlesOf(await reportOn({ 'p.tlog-proof': forged, 'log.vkey': KEY, 'record.json': RECORD }), 'fails')).toEqual(['The head of the tree is signed']);
    expect((await reportOn({ 'p.tlog-proof': proof.replace(/index 42/, 'index x'), 'log.vkey': KEY })).outcome).toBe('fails');
  });

  it('a key that came with it is called that, until the same is given', async () => {
    const zip = makeZip(Object.entries({ 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': RECORD.toString() }).map(([name, content]) => ({ name, content: Buffer.from(content) })));
    expect(titlesOf(await reportOn({ 'x.zip': zip }), 'unchecked')).toEqual(['The head of the tree is signed']);
    expect(titlesOf(await reportOn({ 'x.zip': zip, 'log.vkey': KEY }), 'unchecked')).toEqual([]);
  });
});

describe('the proof of a record', () => {
  const proof = (ordinal: number) =>
    formatRecordProof({
      mediaType: RECORD_PROOF_MEDIA_TYPE,
      record: { ordinal, line: Uint8Array.from(RECORDS[42] ?? []) },
      tree: { size: RECORDS.length, rootHash: Buffer.from(root).toString('hex') },
      hashes: hashes.map((hash) => Uint8Array.from(hash)),
      checkpoint: checkpointOf('log.example/chains/7'),
      bundle: null,
      log: null,
    });

  it('holds under the key of the log, and shows the record', async () => {
    expect(await reportOn({ 'x.json': proof(42), 'log.vkey': keyOf('log.example/tlog') })).toMatchObject({ outcome: 'holds', checked: [{ content: { text: '{"n":42}' }, says: { proven: true } }] });
  });

  it('fails for another place, and is not checked without anybody to believe', async () => {
    expect(titlesOf(await reportOn({ 'x.json': proof(43), 'log.vkey': keyOf('log.example/tlog') }), 'fails')).toEqual(['The record is in the tree with this head']);
    const alone = await reportOn({ 'x.json': proof(42) });
    expect(titlesOf(alone, 'fails')).toEqual([]);
    expect(alone).toMatchObject({ outcome: 'unchecked', checked: [{ says: { proven: false } }] });
  });
});
