import { formatById } from '../../core/formats';
import type { Item } from '../item';

const SIDECARS = {
  'nono-session': 'session file of nono',
  'nono-ledger': 'ledger of nono’s sessions',
  'nono-attestation': 'attestation of nono',
  'nono-proofs': 'inclusion proofs of nono',
  'agentfence-anchor': 'anchor of AgentFence',
  'occasio-attestation': 'attestation of Occasio',
} as const;

/** What a file was taken for. */
export function fileWords({ what, plain, failure }: Item): { what: string; isTrouble: boolean } {
  if (failure !== null) return { what: failure, isTrouble: true };
  switch (what.kind) {
    case 'unreadable':
      return { what: what.message, isTrouble: true };
    case 'other':
      return { what: what.what, isTrouble: false };
    case 'log':
      return { what: `audit log of ${formatById(what.format).label}`, isTrouble: false };
    case 'sidecar':
      return { what: SIDECARS[what.sidecar], isTrouble: false };
    case 'package':
      return { what: plain ? 'package' : 'folder', isTrouble: false };
    default:
      return { what: WORDS[what.kind], isTrouble: false };
  }
}

const WORDS = { bundle: 'signed statement', bundles: 'signed statements', 'trusted-root': 'trusted root', 'record-proof': 'proof of one record', 'tlog-proof': 'proof of one record (C2SP)', keys: 'public key', 'key-list': 'list of public keys', 'checkpoint-keys': 'checkpoint key', manifest: 'list of digests' } as const;
