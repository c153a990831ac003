import { formatById } from '../../../core/formats';
import { sidecarOf } from '../../../core/sidecars/kinds';
import type { Item } from '../item';

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
      return { what: sidecarWords(what.sidecar), isTrouble: false };
    case 'package':
      return { what: plain ? 'package' : 'folder', isTrouble: false };
    default:
      return { what: WORDS[what.kind], isTrouble: false };
  }
}

const WORDS = {
  bundle: 'signed statement',
  bundles: 'signed statements',
  'trusted-root': 'trusted root',
  'record-proof': 'proof of one record',
  'tlog-proof': 'proof of one record (C2SP)',
  keys: 'public key',
  'key-list': 'list of public keys',
  'checkpoint-keys': 'checkpoint key',
  manifest: 'list of digests',
} as const;

function sidecarWords(kind: string): string {
  const known = sidecarOf(kind);
  return known ? `${known.label} (${known.format.label})` : kind;
}
