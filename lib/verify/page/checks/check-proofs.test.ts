import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../../../core/merkle/checkpoint';
import { leafHash } from '../../../core/merkle/hash';
import { proveInclusion, rootHash } from '../../../core/merkle/prove';
import { RECORD_PROOF_MEDIA_TYPE, formatRecordProof } from '../../../core/merkle/record-proof';
import { formatNoteSignature, formatVerifierKey, noteKeyId, signedMessage } from '../../../core/merkle/signed-note';
import { formatTlogProof } from '../../../core/merkle/tlog-proof';
import { reportOn, titlesOf } from '../../../testing/ask-verifier';
import { chainStatement } from '../../../testing/chain-statement';
import { fixture } from '../../../testing/fixtures';
import { statementPayload } from '../../../core/statements/dsse';
import { testSigner } from '../../../testing/sign';
import { makeZip } from '../../../testing/make-zip';

const RECORDS = Array.from({ length: 100 }, (_, n) => Buffer.from(`{"n":${n}}`));
const source = ({ index, width }: { index: number; width: number }) =>
  Promise.resolve(Buffer.concat(RECORDS.slice(256 * index, 256 * index + width).map((line) => leafHash(line))));
const root = await rootHash(source, RECORDS.length);
const hashes = await proveInclusion(source, { index: 42, size: RECORDS.length });

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const signNote = (name: string, text: string) =>
  `${text}\n${formatNoteSignature({ name, id: noteKeyId(name, 'ed25519', raw), bytes: sign(null, signedMessage(text, 'ed25519'), privateKey) })}`;
const checkpointOf = (origin: string) =>
  signNote(origin, formatCheckpoint({ origin, size: RECORDS.length, rootHash: root }));
const keyOf = (name: string) => `${formatVerifierKey(name, 'ed25519', raw)}\n`;

describe('a C2SP proof', () => {
  const proofOf = (extra: Uint8Array | null) =>
    formatTlogProof({ extra, index: 42, hashes, checkpoint: checkpointOf('log.example/tlog') });
  const proof = proofOf(null);
  const KEY = keyOf('log.example/tlog');
  const [RECORD = Buffer.of(), OTHER = Buffer.of()] = [RECORDS[42], RECORDS[41]];

  it.each<[string, Record<string, string | Uint8Array>]>([
    ['the record as a file', { 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': RECORD }],
    [
      'the record with a newline',
      { 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': Buffer.concat([RECORD, Buffer.from('\n')]) },
    ],
    ['the record in the proof', { 'p.tlog-proof': proofOf(RECORD), 'log.vkey': KEY }],
  ])('holds with %s', async (_, files) => {
    expect(await reportOn(files)).toMatchObject({
      outcome: 'holds',
      checked: [{ kind: 'proof', says: { words: 'Entry 42 of the 100 in log.example/tlog', proven: true } }],
    });
  });

  it('is not checked without the record, or the key', async () => {
    expect(
      titlesOf(await reportOn({ 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': OTHER }), 'skipped'),
    ).toEqual(['What it is about is in the tree']);
    expect(titlesOf(await reportOn({ 'p.tlog-proof': proof, 'record.json': RECORD }), 'skipped')).toEqual([
      'The head of the tree is signed',
    ]);
  });

  it('fails with another head under the name of the log', async () => {
    const forged = proof.replace('log.example/tlog\n100\n', 'log.example/tlog\n101\n');
    expect(
      titlesOf(await reportOn({ 'p.tlog-proof': forged, 'log.vkey': KEY, 'record.json': RECORD }), 'failed'),
    ).toEqual(['The head of the tree is signed']);
    expect((await reportOn({ 'p.tlog-proof': proof.replace(/index 42/, 'index x'), 'log.vkey': KEY })).outcome).toBe(
      'fails',
    );
  });

  it('a key that came with it is called that, until the same is given', async () => {
    const zip = makeZip(
      Object.entries({ 'p.tlog-proof': proof, 'log.vkey': KEY, 'record.json': RECORD.toString() }).map(
        ([name, content]) => ({ name, content: Buffer.from(content) }),
      ),
    );
    expect(titlesOf(await reportOn({ 'x.zip': zip }), 'skipped')).toEqual([
      'No file is missing',
      'The head of the tree is signed',
    ]);
    expect(titlesOf(await reportOn({ 'x.zip': zip, 'log.vkey': KEY }), 'skipped')).toEqual(['No file is missing']);
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
    expect(await reportOn({ 'x.json': proof(42), 'log.vkey': keyOf('log.example/tlog') })).toMatchObject({
      outcome: 'holds',
      checked: [{ content: { text: '{"n":42}' }, says: { proven: true } }],
    });
  });

  it('fails with the bundle of another head', async () => {
    const signer = testSigner();
    const bundle = await signer.signBundle(
      statementPayload(await chainStatement('occasio', [fixture('occasio', 'valid')])),
    );
    const files = {
      'x.json': JSON.stringify({ ...JSON.parse(proof(42)), bundle }),
      'key.pem': signer.key.publicKeyPem,
      'log.vkey': keyOf('log.example/tlog'),
    };
    expect(titlesOf(await reportOn(files), 'failed')).toEqual(['The signed statement names this head']);
  });

  it('fails for another place, and is not checked without trust material', async () => {
    expect(titlesOf(await reportOn({ 'x.json': proof(43), 'log.vkey': keyOf('log.example/tlog') }), 'failed')).toEqual([
      'The record is in the tree with this head',
    ]);
    const alone = await reportOn({ 'x.json': proof(42) });
    expect(titlesOf(alone, 'failed')).toEqual([]);
    expect(alone).toMatchObject({ outcome: 'unchecked', checked: [{ says: { proven: false } }] });
  });
});

describe('the proof of a record beside its log', () => {
  const LOG = fixture('occasio', 'valid');
  const LINES = LOG.toString()
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line));
  const KEY = { 'log.vkey': keyOf('log.example/tlog') };
  const HELD = 'The log holds it as record 42';
  const ROOT = `Root of the Merkle tree over ${LINES.length} records`;
  const proofOf = async () => {
    const leaves = ({ index, width }: { index: number; width: number }) =>
      Promise.resolve(Buffer.concat(LINES.slice(256 * index, 256 * index + width).map((line) => leafHash(line))));
    const head = await rootHash(leaves, LINES.length);
    const note = signNote(
      'log.example/chains/7',
      formatCheckpoint({ origin: 'log.example/chains/7', size: LINES.length, rootHash: head }),
    );
    const path = await proveInclusion(leaves, { index: 42, size: LINES.length });
    return formatRecordProof({
      mediaType: RECORD_PROOF_MEDIA_TYPE,
      record: { ordinal: 42, line: Uint8Array.from(LINES[42] ?? []) },
      tree: { size: LINES.length, rootHash: Buffer.from(head).toString('hex') },
      hashes: path.map((hash) => Uint8Array.from(hash)),
      checkpoint: note,
      bundle: null,
      log: null,
    });
  };
  const changed = (record: number) => {
    const bytes = Buffer.from(LOG);
    const at = LINES.slice(0, record).reduce((sum, line) => sum + line.length + 1, 0);
    bytes.write('X', bytes.indexOf('"tool_name"', at) + 13);
    return bytes;
  };

  it('holds when the log has the record there, and vouches for all of it by the root', async () => {
    const cut = LOG.indexOf('\n', LOG.length / 8) + 1;
    const logs: Record<string, Uint8Array>[] = [
      { 'audit.jsonl': LOG },
      { 'audit.jsonl.1': LOG.subarray(0, cut), 'audit.jsonl': LOG.subarray(cut) },
    ];
    for (const log of logs) {
      const report = await reportOn({ ...log, 'x.json': await proofOf(), ...KEY });
      expect(report).toMatchObject({ outcome: 'holds' });
      expect(titlesOf(report, 'passed')).toEqual(expect.arrayContaining([HELD, ROOT, 'Attested by']));
    }
  });

  it('fails when the log has another record there, and says where they part', async () => {
    const report = await reportOn({ 'audit.jsonl': changed(42), 'x.json': await proofOf(), ...KEY });
    expect(titlesOf(report, 'failed')).toEqual([HELD]);
    expect(report.lead).toMatch(
      /audit\.jsonl holds another record there: from byte \d+ on, proven is ".*" and there is ".*X/,
    );
  });

  it('fails when the log was changed elsewhere, or lost its end', async () => {
    expect(
      titlesOf(await reportOn({ 'audit.jsonl': changed(90), 'x.json': await proofOf(), ...KEY }), 'failed'),
    ).toEqual([ROOT]);
    const short = LOG.subarray(0, LOG.lastIndexOf('\n', LOG.length - 2) + 1);
    expect(titlesOf(await reportOn({ 'audit.jsonl': short, 'x.json': await proofOf(), ...KEY }), 'failed')).toEqual([
      ROOT,
    ]);
    expect(
      (await reportOn({ 'audit.jsonl': LOG.subarray(0, LOG.indexOf('\n') + 1), 'x.json': await proofOf(), ...KEY }))
        .lead,
    ).toContain('audit.jsonl has only 1 record');
  });

  it('says nothing of a log that begins in the middle of a chain', async () => {
    const report = await reportOn({
      'audit.jsonl': LOG.subarray(LOG.indexOf('\n') + 1),
      'x.json': await proofOf(),
      ...KEY,
    });
    expect(titlesOf(report, 'failed')).toEqual([]);
  });
});
