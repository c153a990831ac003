import * as z from 'zod';
import type { Hasher } from '../../chain/format';
import { fromBase64 } from '../../base64';
import { goQuote } from '../../json/go-text';

const encoder = new TextEncoder();

/** What `agentfence audit anchor` writes: a head of the log, to be kept elsewhere. */
export const Anchor = z.lazy(() =>
  z.object({
    schema_version: z.literal('1'),
    session_id: z.string().default(''),
    event_count: z.int().nonnegative(),
    last_seq: z.int().nonnegative(),
    last_hash: z.string().regex(/^[0-9a-f]{64}$/),
    timestamp: z.string(),
    signature: z.string().default(''),
  }),
);
export type Anchor = z.infer<typeof Anchor>;

/** Ed25519 by the platform: whether a signature of 64 bytes over the message is by the key. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => boolean;

/** Whether the anchor's signature is by the key; null when it carries none. It is made over the digest of the anchor without it, as Go writes that. */
export function checkAnchorSignature(hasher: Hasher, anchor: Anchor, verify: VerifySignature): boolean | null {
  if (anchor.signature === '') return null;
  const quote = (text: string) => goQuote(text, { shortEscapes: true });
  const session = anchor.session_id === '' ? '' : `"session_id":${quote(anchor.session_id)},`;
  const covered = `{"schema_version":"1",${session}"event_count":${anchor.event_count},"last_seq":${anchor.last_seq},"last_hash":${quote(anchor.last_hash)},"timestamp":${quote(anchor.timestamp)}}`;
  return holds(hasher.sha256(encoder.encode(covered)), anchor.signature, verify);
}

/** What an event's signature, which is made over its hash, comes to. `hash` and `signature` are as the event has them. */
export function signatureState(
  { hash, signature }: { hash: string; signature: string },
  verify: VerifySignature,
): 'verified' | 'unsigned' | 'bad' {
  if (signature === '') return 'unsigned';
  return /^[0-9a-f]{64}$/.test(hash) && holds(hash, signature, verify) ? 'verified' : 'bad';
}

function holds(hash: string, signature: string, verify: VerifySignature): boolean {
  const bytes = fromBase64(signature);
  return (
    bytes?.length === 64 &&
    verify(
      Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hash.slice(2 * index, 2 * index + 2), 16)),
      bytes,
    )
  );
}
