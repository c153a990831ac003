import 'server-only';
import type { ArtefactJudgement, Sidecar } from '../core/sidecars/artefact';
import { type Evidence, createArtefactWalk } from '../core/sidecars/walk';
import type { FormatId, Hasher } from '../core/chain/format';
import { createLineSplitter } from '../core/chain/lines';
import type { OriginalFinding } from '../core/chain/original';
import { formatById } from '../core/formats';
import { originalNono } from '../core/formats/nono/reference';
import { NonoSession } from '../core/formats/nono/session';
import { readSignatureKey } from '../crypto/signature-keys';
import { toolRoots } from '../crypto/tool-roots';
import type { LogSource } from './log-source';

export type Beside = ArtefactJudgement & {
  /** What the tool's own verifier says with the session file at hand; null when it makes no difference, or was not asked for. */
  original: OriginalFinding | null;
};

/** Holds a log against what lies beside it. Reads it once more; null when nothing of the evidence concerns it. @throws AppError UNREADABLE_BODY. */
export async function judgeBeside(source: LogSource, formatId: FormatId, evidence: Evidence, { hasher, original }: { hasher: Hasher; original: boolean }): Promise<Beside | null> {
  const walk = createArtefactWalk(formatById(formatId), { hasher, readKey: readSignatureKey, trustedRoots: formatId === 'occasio' ? toolRoots(null) : [] }, evidence);
  if (!walk) return null;
  const session = original && formatId === 'nono' ? sessionOf(evidence.sidecars) : null;
  const follow = session && originalNono(hasher, session);
  const splitter = createLineSplitter((line) => follow?.line(line));
  for (const file of source.files()) {
    for await (const chunk of file) {
      walk.push(chunk);
      if (follow) splitter.push(chunk);
    }
    walk.endFile();
  }
  splitter.end();
  return { ...walk.end(), original: follow?.end() ?? null };
}

/** The format of a log that holds nothing, by what lies beside it. */
export function formatBySidecars(sidecars: readonly Sidecar[]): FormatId | null {
  if (sidecars.some(({ kind }) => kind === 'nono-session')) return 'nono';
  return sidecars.some(({ kind }) => kind === 'agentfence-anchor') ? 'agentfence' : null;
}

function sessionOf(sidecars: readonly Sidecar[]): NonoSession | null {
  const text = sidecars.findLast(({ kind }) => kind === 'nono-session')?.text;
  try {
    return text === undefined ? null : (NonoSession.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    return null; // told as unreadable where it is judged
  }
}
