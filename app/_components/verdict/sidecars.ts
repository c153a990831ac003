import type { ChainDetail } from '@/lib/schemas/chains';
import type { SidecarKind } from '@/lib/schemas/sidecars';

/** What a file beside a log is, in words. */
export const SIDECAR_LABEL: Record<SidecarKind, string> = {
  'nono-session': 'session file',
  'nono-ledger': 'ledger of sessions',
  'nono-attestation': 'attestation of the session',
  'nono-proofs': 'inclusion proofs',
  'agentfence-anchor': 'anchor',
  'occasio-attestation': 'attestation of a run',
};

/** What the tool of a format writes beside its log; formats that are not named write nothing there. */
export const SIDECAR_FILES: Partial<Record<ChainDetail['format'], string>> = {
  nono: 'session.json, ledger.ndjson, audit-attestation.bundle or inclusion proofs',
  occasio: 'the signed attestation of a run, as occasio attest --sign writes it (attestation.sigstore.json)',
  agentfence: 'an anchor, as agentfence audit anchor writes it',
};
