import * as z from 'zod';
import { fromBase64, toBase64 } from '../base64';
import { HASH_BYTES } from './hash';

export const RECORD_PROOF_MEDIA_TYPE = 'application/vnd.sealtrail.record-proof.v1+json';

const MAX_HASHES = 63;
const Count = z.number().int().min(0);
const Bytes = z.string().transform((text, issues) => {
  const bytes = fromBase64(text);
  if (bytes && toBase64(bytes) === text) return bytes;
  issues.addIssue('is no base64');
  return z.NEVER;
});
const Hash = Bytes.refine((bytes) => bytes.length === HASH_BYTES, 'is no SHA-256');

/**
 * That one record was in a chain when its head was signed, without any other record of it. As parsed: base64 is bytes.
 * Specified in docs/transparency.md.
 */
export const RecordProof = z.object({
  mediaType: z.literal(RECORD_PROOF_MEDIA_TYPE),
  /** The record's place in the chain from 0 on, and its line without the newline. */
  record: z.object({ ordinal: Count, line: Bytes }),
  /** Head of the tree over the chain's records. */
  tree: z.object({ size: Count, rootHash: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** From the leaf's sibling up to the root's child. */
  hashes: z.array(Hash).max(MAX_HASHES),
  /** The same head as a signed note, c2sp.org/tlog-checkpoint. */
  checkpoint: z.string(),
  /** The Sigstore bundle whose statement names the head. */
  bundle: z.record(z.string(), z.unknown()).nullable(),
  /** The entry of the transparency log that tells of the bundle, and the proof that it is there, c2sp.org/tlog-proof; null when it is not published yet. */
  log: z.object({ entry: Bytes, proof: z.string() }).nullable(),
});
export type RecordProof = z.output<typeof RecordProof>;

/** The file's content; equal proofs give equal text. */
export function formatRecordProof({ record, hashes, log, ...rest }: RecordProof): string {
  return `${JSON.stringify({ ...rest, record: { ...record, line: toBase64(record.line) }, hashes: hashes.map(toBase64), log: log && { ...log, entry: toBase64(log.entry) } }, null, 2)}\n`;
}
