import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { formatCheckpoint } from '../core/merkle/checkpoint';
import { leafHash } from '../core/merkle/hash';
import { proveInclusion, rootHash } from '../core/merkle/prove';
import { RECORD_PROOF_MEDIA_TYPE, type RecordProof } from '../core/merkle/record-proof';
import {
  type NoteKeyKind,
  formatNoteSignature,
  formatVerifierKey,
  parseVerifierKey,
  signedMessage,
} from '../core/merkle/signed-note';
import { formatTlogProof } from '../core/merkle/tlog-proof';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import type { Trust } from '../core/statements/verify-bundle';
import { testSigner } from './sign';

export const RECORDS = 100;

/** A record proof that holds, by keys made for it, and what it takes to make others. */
export async function makeRecordProof() {
  const lines = Array.from({ length: RECORDS }, (_, n) => Buffer.from(`{"n":${n}}`));
  const source = ({ index, width }: { index: number; width: number }) =>
    Promise.resolve(Buffer.concat(lines.slice(256 * index, 256 * index + width).map((line) => leafHash(line))));
  const root = Buffer.from(await rootHash(source, RECORDS));

  const pair = generateKeyPairSync('ed25519');
  const keyOf = (name: string, kind: NoteKeyKind = 'ed25519', key = pair.publicKey) => noteKey(name, kind, key);
  const signNote = (name: string, text: string) =>
    `${text}\n${formatNoteSignature({ name, id: keyOf(name).id, bytes: sign(null, signedMessage(text, 'ed25519'), pair.privateKey) })}`;
  const checkpointOf = (origin: string, size = RECORDS, rootBytes: Uint8Array = root) =>
    signNote(origin, formatCheckpoint({ origin, size, rootHash: rootBytes }));

  const spec = readFileSync(new URL('../core/statements/predicates/audit-chain-segment.md', import.meta.url), 'utf8');
  const example: { subject: object[] } = JSON.parse(/## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}');
  const signer = testSigner();
  const trust: Trust = {
    keys: [signer.key],
    trustedRoot: null,
    identities: [],
    require: { logEntries: 0, timestamps: 0 },
  };
  const bundleOf = async (head: { sha256: string; size: number }): Promise<Record<string, unknown>> => {
    const subject = [
      ...example.subject,
      { name: 'x/tree-head', digest: { sha256: head.sha256 }, annotations: { tree: 'RFC 6962', size: head.size } },
    ];
    return z.record(z.string(), z.unknown()).parse(await signer.signBundle(statementPayload({ ...example, subject })));
  };
  const bundle = await bundleOf({ sha256: root.toString('hex'), size: RECORDS });

  const { witnessKey, cosign } = makeWitness();
  const logOf = (about: unknown) => makeLog(about, (text) => signNote('log.example/tlog', text) + cosign(text));

  const proof: RecordProof = {
    mediaType: RECORD_PROOF_MEDIA_TYPE,
    record: { ordinal: 42, line: Uint8Array.from(lines[42] ?? []) },
    tree: { size: RECORDS, rootHash: root.toString('hex') },
    hashes: (await proveInclusion(source, { index: 42, size: RECORDS })).map((hash) => Uint8Array.from(hash)),
    checkpoint: checkpointOf('log.example/chains/7'),
    bundle,
    log: await logOf(bundle),
  };
  return {
    proof,
    lines,
    root,
    bundleOf,
    logOf,
    checkpointOf,
    keyOf,
    trust,
    logKey: keyOf('log.example/tlog'),
    witnessKey,
    publicKeyPem: signer.key.publicKeyPem,
  };
}

function noteKey(name: string, kind: NoteKeyKind, key: KeyObject) {
  return parseVerifierKey(formatVerifierKey(name, kind, key.export({ type: 'spki', format: 'der' }).subarray(-32)));
}

/** A witness with a key of its own, that cosigns at one moment. */
function makeWitness() {
  const witness = generateKeyPairSync('ed25519');
  const witnessKey = noteKey('witness.example', 'cosignature', witness.publicKey);
  function cosign(text: string): string {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1_679_315_147n);
    return formatNoteSignature({
      name: witnessKey.name,
      id: witnessKey.id,
      bytes: Buffer.concat([time, sign(null, signedMessage(text, 'cosignature', 1_679_315_147n), witness.privateKey)]),
    });
  }
  return { witnessKey, cosign };
}

/** A log of three entries of which the second tells of the bundle. */
async function makeLog(
  about: unknown,
  signCheckpoint: (text: string) => string,
): Promise<NonNullable<RecordProof['log']>> {
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(`${canonicalJson(about)}\n`))).toString(
    'hex',
  );
  const entries = ['a', JSON.stringify({ kind: 'attestation', bundleSha256: digest }), 'c'].map((text) =>
    Buffer.from(text),
  );
  const hashes = ({ width }: { width: number }) =>
    Promise.resolve(Buffer.concat(entries.slice(0, width).map((entry) => leafHash(entry))));
  const text = formatCheckpoint({ origin: 'log.example/tlog', size: 3, rootHash: await rootHash(hashes, 3) });
  return {
    entry: Uint8Array.from(entries[1] ?? []),
    proof: formatTlogProof({
      extra: null,
      index: 1,
      hashes: await proveInclusion(hashes, { index: 1, size: 3 }),
      checkpoint: signCheckpoint(text),
    }),
  };
}
