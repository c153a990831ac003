import { z } from 'zod';
import type { Hasher } from '../chain/format';
import { goQuote } from '../json/go-text';
import type { WitnessedHead } from '../chain/check';

const encoder = new TextEncoder();

/** What `agentfence audit anchor` writes: a head of the log, to be kept elsewhere. */
export const Anchor = z.object({
  schema_version: z.literal('1'),
  session_id: z.string().default(''),
  event_count: z.int().nonnegative(),
  last_seq: z.int().nonnegative(),
  last_hash: z.string().regex(/^[0-9a-f]{64}$/),
  timestamp: z.string(),
  signature: z.string().default(''),
});
export type Anchor = z.infer<typeof Anchor>;

/** Ed25519 by the platform: whether a signature of 64 bytes over the message is by the key. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => boolean;

/** The head an anchor vouches for, to hold a log against. The log may have grown since. */
export function witnessOfAnchor({ event_count: records, last_hash: hash, timestamp: observedAt }: Anchor): WitnessedHead {
  return { records, sizeBytes: 0, hash, observedAt };
}

/** Whether the anchor's signature is by the key; null when it carries none. It is made over the digest of the anchor without it, as Go writes that. */
export function checkAnchorSignature(hasher: Hasher, anchor: Anchor, verify: VerifySignature): boolean | null {
  if (anchor.signature === '') return null;
  const quote = (text: string) => goQuote(text, { shortEscapes: true });
  const session = anchor.session_id === '' ? '' : `"session_id":${quote(anchor.session_id)},`;
  const covered = `{"schema_version":"1",${session}"event_count":${anchor.event_count},"last_seq":${anchor.last_seq},"last_hash":${quote(anchor.last_hash)},"timestamp":${quote(anchor.timestamp)}}`;
  return holds(hasher.sha256(encoder.encode(covered)), anchor.signature, verify);
}

/** What the signatures of a log's events come to, without any judgement on events that carry none. */
export type SignatureCount = { verified: number; unsigned: number; bad: { record: number; line: number }[] };

/** Counts an event's signature, which is made over its hash. `hash` and `signature` are as the event has them. */
export function countSignature(count: SignatureCount, event: { hash: string; signature: string }, place: { record: number; line: number }, verify: VerifySignature): void {
  if (event.signature === '') count.unsigned += 1;
  else if (/^[0-9a-f]{64}$/.test(event.hash) && holds(event.hash, event.signature, verify)) count.verified += 1;
  else count.bad.push({ record: place.record, line: place.line });
}

function holds(hash: string, signature: string, verify: VerifySignature): boolean {
  const bytes = fromBase64(signature);
  return bytes?.length === 64 && verify(Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hash.slice(2 * index, 2 * index + 2), 16)), bytes);
}

function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
