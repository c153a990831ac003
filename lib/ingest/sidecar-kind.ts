import { z } from 'zod';
import type { FormatId } from '../core/chain/format';
import { Anchor } from '../core/formats/agentfence-anchor';
import { NonoSession } from '../core/formats/nono-session';
import type { SidecarKind } from '../schemas/sidecars';

const Bundle = z.object({ mediaType: z.string().startsWith('application/vnd.dev.sigstore.bundle') });
const LedgerRow = z.object({ sequence: z.int(), session_id: z.string(), session_digest: z.string(), chain_hash: z.string() });

/** The format each kind of sidecar is of. */
export const SIDECAR_FORMAT: Record<SidecarKind, FormatId> = {
  'nono-session': 'nono',
  'nono-ledger': 'nono',
  'nono-attestation': 'nono',
  'agentfence-anchor': 'agentfence',
};

/** What a file beside a log is, told by its content; null for what says nothing of a log. A damaged one is still what it set out to be. */
export function sidecarKind(bytes: Buffer): SidecarKind | null {
  const text = bytes.toString('utf8');
  const whole = parsed(text);
  if (Bundle.safeParse(whole).success) return 'nono-attestation';
  if (Anchor.safeParse(whole).success) return 'agentfence-anchor';
  if (NonoSession.safeParse(whole).success) return 'nono-session';
  const firstLine = text.slice(0, 64 * 1024).split('\n').find((line) => line.trim() !== '');
  return LedgerRow.safeParse(parsed(firstLine ?? '')).success ? 'nono-ledger' : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON is an answer
  }
}
