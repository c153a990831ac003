import { z } from 'zod';
import { isOccasioAttestation } from '../core/formats/occasio/attestation';
import { recogniseSidecar } from '../core/sidecars/recognise-sidecar';
import type { FormatId } from '../core/chain/format';
import { Anchor } from '../core/formats/agentfence/anchor';
import { InclusionProof } from '../core/formats/nono/merkle';
import { NonoSession } from '../core/formats/nono/session';
import type { SidecarKind } from '../schemas/sidecars';

const Bundle = z.object({ mediaType: z.string().startsWith('application/vnd.dev.sigstore.bundle') });
const Proofs = z.array(InclusionProof).min(1);
const LedgerRow = z.object({ sequence: z.int(), session_id: z.string(), session_digest: z.string(), chain_hash: z.string() });

/** The format each kind of sidecar is of. */
export const SIDECAR_FORMAT: Record<SidecarKind, FormatId> = {
  'nono-session': 'nono',
  'nono-ledger': 'nono',
  'nono-attestation': 'nono',
  'nono-proofs': 'nono',
  'agentfence-anchor': 'agentfence',
  'occasio-attestation': 'occasio',
};

/** What a file beside a log is, told by its content; by its name when it is damaged. Null for what says nothing of a log. */
export function sidecarKind(fileName: string, bytes: Buffer): SidecarKind | null {
  const text = bytes.toString('utf8');
  const whole = parsed(text);
  if (isOccasioAttestation(whole)) return 'occasio-attestation';
  if (Bundle.safeParse(whole).success) return 'nono-attestation';
  if (Anchor.safeParse(whole).success) return 'agentfence-anchor';
  if (Proofs.safeParse(whole).success) return 'nono-proofs';
  if (NonoSession.safeParse(whole).success) return 'nono-session';
  const firstLine = text.slice(0, 64 * 1024).split('\n').find((line) => line.trim() !== '');
  return LedgerRow.safeParse(parsed(firstLine ?? '')).success ? 'nono-ledger' : recogniseSidecar(fileName, text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON is an answer
  }
}
