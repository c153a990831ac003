import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint, requireSignature } from './checkpoint';
import {
  formatNoteSignature,
  formatVerifierKey,
  parseNoteSignatures,
  parseSignedNote,
  parseVerifierKey,
  signedMessage,
  verifyNoteSignature,
} from './signed-note';
import { formatTlogProof, parseTlogProof } from './tlog-proof';

const { checkpoint }: { checkpoint: { verifierKey: string; note: string } } = JSON.parse(
  readFileSync(new URL('fixtures/vectors.json', import.meta.url), 'utf8'),
);
const key = parseVerifierKey(checkpoint.verifierKey);

/** The example of c2sp.org/signed-note. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE =
  'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

function keyPair(name: string, kind: 'ed25519' | 'cosignature') {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const own = parseVerifierKey(formatVerifierKey(name, kind, bytes));
  const signText = (text: string, seconds = 1_679_315_147n) => {
    const signature = sign(null, signedMessage(text, kind, seconds), privateKey);
    const time = Buffer.alloc(kind === 'cosignature' ? 8 : 0);
    if (kind === 'cosignature') time.writeBigUInt64BE(seconds);
    return formatNoteSignature({ name, id: own.id, bytes: Buffer.concat([time, signature]) });
  };
  return { key: own, signText };
}

describe('signed notes', () => {
  it.each([
    ['the example of the specification', EXAMPLE_KEY, EXAMPLE],
    ['golang.org/x/mod/sumdb/note', checkpoint.verifierKey, checkpoint.note],
  ])('of %s hold', (_, verifierKey, note) => {
    expect(requireSignature(parseSignedNote(note), parseVerifierKey(verifierKey))).toEqual({ at: null });
  });

  it('break with any change of any byte', () => {
    const bytes = Buffer.from(checkpoint.note);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => requireSignature(parseCheckpoint(changed.toString('utf8')).note, key), `byte ${at}`).toThrow(Error);
    }
  });

  it('keep what stands in them', () => {
    const { origin, size, rootHash, note } = parseCheckpoint(checkpoint.note);
    expect(
      formatCheckpoint({ origin, size, rootHash }) + '\n' + note.signatures.map(formatNoteSignature).join(''),
    ).toBe(checkpoint.note);
    expect(formatVerifierKey(key.name, key.kind, key.publicKey)).toBe(checkpoint.verifierKey);
  });

  it.each([
    '',
    'text',
    'text\n',
    'text\n\n',
    'text\n\nno dash\n',
    'te\txt\n\n\u2014 a AAAAAAA=\n',
    'text\n\n\u2014 a b AAAAAAA=\n',
    'text\n\n\u2014 a AAAA\n',
    'text\n\n\u2014 a AAAAAAA=',
    'text\n\n\u2014 a+b AAAAAAA=\n',
  ])('are not %j', (note) => {
    expect(() => parseSignedNote(note)).toThrow(Error);
  });

  it.each([
    '',
    'a+b+c',
    `${checkpoint.verifierKey}A`,
    checkpoint.verifierKey.replace('log', 'lug'),
    checkpoint.verifierKey.replace(/^([^+]+\+[^+]+\+)A/, '$1B'),
  ])('are not checked with %j', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(Error);
  });

  it('name who signed when it is somebody else', () => {
    expect(() => requireSignature(parseSignedNote(EXAMPLE), key)).toThrow('signed by example.com/foo (530d903a)');
  });

  it('are doubtful when one of two signatures by the same key is bad', () => {
    const { key: own, signText } = keyPair('twice.example', 'ed25519');
    expect(() => requireSignature(parseSignedNote(`text\n\n${signText('text\n')}${signText('other\n')}`), own)).toThrow(
      'does not hold',
    );
  });
});

describe('cosignatures', () => {
  const witness = keyPair('witness.example/w1', 'cosignature');
  const { text } = parseSignedNote(checkpoint.note);

  it('tell when they were made', () => {
    const cosigned = parseSignedNote(checkpoint.note + witness.signText(text));
    expect(requireSignature(cosigned, witness.key)).toEqual({ at: '2023-03-20T12:25:47.000Z' });
    expect(requireSignature(cosigned, key)).toEqual({ at: null });
  });

  it('are none with another time, another text, or a key of another kind', () => {
    const [signature] = parseNoteSignatures(witness.signText(text));
    const later = Uint8Array.from(signature?.bytes ?? []);
    later[7] = (later[7] ?? 0) ^ 1;
    const given = { name: witness.key.name, id: witness.key.id, bytes: signature?.bytes ?? later };
    expect(verifyNoteSignature(text, given, witness.key)).not.toBeNull();
    expect(verifyNoteSignature(text, { ...given, bytes: later }, witness.key)).toBeNull();
    expect(verifyNoteSignature(`${text}more\n`, given, witness.key)).toBeNull();
    expect(verifyNoteSignature(text, given, { ...witness.key, kind: 'ed25519' })).toBeNull();
    expect(verifyNoteSignature(text, { ...given, bytes: later.subarray(0, 5) }, witness.key)).toBeNull();
  });
});

describe('checkpoints', () => {
  const { key: own, signText } = keyPair('log.example', 'ed25519');
  const root = Buffer.alloc(32).toString('base64');
  it.each([
    `log.example\n01\n${root}\n`,
    `log.example\n1\n${root.slice(4)}\n`,
    `log.example\n-1\n${root}\n`,
    `\n1\n${root}\n`,
    `log.example\n1\n`,
    `log.example\n9007199254740993\n${root}\n`,
    `log.example\n1\n${root.slice(0, -2)}B=\n`,
  ])('are not %j, though signed', (text) => {
    const note = `${text}\n${signText(text)}`;
    expect(requireSignature(parseSignedNote(note), own)).toEqual({ at: null });
    expect(() => parseCheckpoint(note)).toThrow('not a checkpoint');
  });
});

describe('tlog proofs', () => {
  it('read as they were written', () => {
    const Hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(
        fc.option(fc.uint8Array({ minLength: 1 })),
        fc.nat(),
        fc.array(Hash, { maxLength: 63 }),
        (extra, index, hashes) => {
          const proof = {
            extra: extra && Uint8Array.from(extra),
            index,
            hashes: hashes.map((hash) => Uint8Array.from(hash)),
            checkpoint: checkpoint.note,
          };
          expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
        },
      ),
    );
  });

  it.each([
    '',
    'c2sp.org/tlog-proof@v2\nindex 0\n\nx',
    'c2sp.org/tlog-proof@v1\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 01\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 1',
  ])('are not %j', (text) => {
    expect(() => parseTlogProof(text)).toThrow('not a proof');
  });
});
