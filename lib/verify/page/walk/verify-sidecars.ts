import { walkSidecars } from '../../log/walk-sidecars';
import type { SidecarCheck, SidecarTools, Sidecar, SignatureKey } from '../../../core/sidecars/sidecar';
import { createSidecarWalk } from '../../../core/sidecars/walk';
import type { Hasher } from '../../../core/chain/format';
import { formatById } from '../../../core/formats';
import type { Item } from '../item';
import { createHash } from '../node/crypto';
import { publicKeyOf } from '../node/public-key';
import { type TrustedKey } from '../trust/trust-material';
import { spkiOf } from '../trust/key-names';

/** Holds a log against what lies beside it and speaks of it; null when nothing does. Reads it once more. */
export async function verifySidecars(
  log: Item,
  { items, keys, hasher }: { items: readonly Item[]; keys: readonly TrustedKey[]; hasher: Hasher },
): Promise<SidecarCheck | null> {
  if (!log.plain || !log.walk) return null;
  const tools: SidecarTools = { hasher, readKey };
  // A key that a session file states vouches for nobody but itself, and is read from there.
  const signers = keys
    .filter(({ origin }) => !origin.selfAttested)
    .flatMap(({ pem, names }) => readKey(spkiOf(pem), names[0] ?? '') ?? []);
  const walk = createSidecarWalk(formatById(log.walk.format), tools, {
    sidecars: sidecarsOf(log, items),
    keys: signers,
  });
  return walk && walkSidecars({ files: [log.plain] }, walk);
}

function readKey(spki: Uint8Array, name: string): SignatureKey | null {
  try {
    const { algorithm, verify } = publicKeyOf(spki);
    if (algorithm !== 'Ed25519' && algorithm !== 'ECDSA P-256') return null;
    const digest = createHash('sha256');
    digest.update(spki);
    const hash = algorithm === 'Ed25519' ? null : 'sha256';
    return {
      name,
      algorithm,
      fingerprint: String(digest.digest('hex')),
      verify: (message, signature) => verify(message, signature, hash),
    };
  } catch {
    return null; // no key
  }
}

/** What lies in the folder of a log or above it; everything when no other log could be meant. */
function sidecarsOf(log: Item, items: readonly Item[]): Sidecar[] {
  const isOnly = items.filter(({ walk }) => walk?.format === log.walk?.format).length <= 1;
  const folder = folderOf(log.source.name);
  const declared = log.walk && formatById(log.walk.format).sidecars;
  // What a certificate signed is checked as a statement.
  const ofBundle = declared?.usesRoots ? null : declared?.kinds.find(({ isBundle }) => isBundle);
  const isNear = ({ source }: Item) =>
    source.from === log.source.from &&
    (folderOf(source.name) === folder || folderOf(source.name) === folderOf(folder.slice(0, -1)));
  return items
    .filter((item) => isOnly || isNear(item))
    .flatMap(({ source, what }): Sidecar[] => {
      if (what.kind === 'sidecar') return [{ kind: what.sidecar, file: source.name, text: what.text }];
      return what.kind === 'bundle' && ofBundle
        ? [{ kind: ofBundle.kind, file: source.name, text: JSON.stringify(what.json) }]
        : [];
    });
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}
