import 'server-only';
import type { SidecarCheck, Sidecar, SidecarTools } from '../../core/sidecars/sidecar';
import { type SidecarInputs, createSidecarWalk } from '../../core/sidecars/walk';
import type { FormatId, Hasher } from '../../core/chain/format';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import { FORMATS, formatById } from '../../core/formats';
import { sidecarOf } from '../../core/sidecars/kinds';
import { readSignatureKey } from '../../crypto/signature-keys';
import { createFollower } from '../log/follow-reference';
import type { LogSource } from '../log/log-source';
import { walkSidecars } from '../log/walk-sidecars';

export type LocalSidecarCheck = SidecarCheck & {
  /** What the tool's own verifier says with the sidecars at hand; null when it makes no difference, or was not asked for. */
  referenceVerifier: ReferenceFinding | null;
};

/** Holds a log against what lies beside it. Reads it once more; null when nothing of the evidence concerns it. @throws AppError UNREADABLE_BODY. */
export async function verifySidecars(
  source: LogSource,
  formatId: FormatId,
  evidence: SidecarInputs,
  { hasher, referenceVerifier }: { hasher: Hasher; referenceVerifier: boolean },
): Promise<LocalSidecarCheck | null> {
  const format = formatById(formatId);
  const { sidecars } = format;
  const walk = createSidecarWalk(
    format,
    {
      hasher,
      readKey: readSignatureKey,
      ...(sidecars?.usesRoots && evidence.sidecars.length > 0 && { bundles: await bundleTools() }),
    },
    evidence,
  );
  if (!walk) return null;
  const reference = referenceVerifier ? sidecars?.referenceVerifier?.(hasher, evidence.sidecars) : null;
  const follower = reference ? createFollower(reference) : null;
  const checked = await walkSidecars(source, walk, (chunk) => follower?.push(chunk));
  return { ...checked, referenceVerifier: follower?.end() ?? null };
}

/** Loaded where there is something to check: most logs are checked alone, by a command that should answer at once. */
async function bundleTools(): Promise<NonNullable<SidecarTools['bundles']>> {
  const [{ verifyBundle }, { toolRoots }] = await Promise.all([
    import('../../core/statements/verify-bundle'),
    import('../../crypto/tool-roots'),
  ]);
  return { trustedRoots: toolRoots(null), verify: verifyBundle };
}

/** The format of a log that holds nothing, by what lies beside it. */
export function formatBySidecars(sidecars: readonly Sidecar[]): FormatId | null {
  const formats = sidecars
    .map(({ kind }) => sidecarOf(kind))
    .flatMap((known) => (known?.tellsFormat ? [known.format.id] : []));
  return FORMATS.find(({ id }) => formats.includes(id))?.id ?? null;
}
