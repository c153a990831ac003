import { createLineSplitter } from '../../core/bytes/lines';
import type { ReferenceFinding, ReferenceWalk } from '../../core/chain/reference-verifier';

/** Follows a format's own verifier down the bytes of a log. Null from it, and nothing followed, when there are more than `maxBytes`. */
export function createFollower(
  walk: ReferenceWalk,
  maxBytes = Infinity,
): { push(chunk: Uint8Array): void; end(): ReferenceFinding | null } {
  const splitter = createLineSplitter((line) => walk.line(line));
  let sizeBytes = 0;
  return {
    push(chunk) {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBytes) splitter.push(chunk);
    },
    end() {
      if (sizeBytes > maxBytes) return null;
      splitter.end();
      return walk.end();
    },
  };
}

/** What the verifiers say of the files of a rotated log. They know no such logs: each is verified by itself. Lines are counted in the file that is named. */
export function eachByItself(
  files: readonly { name: string }[],
  findings: readonly (ReferenceFinding | null)[],
): ReferenceFinding | null {
  if (files.length === 1) return findings[0] ?? null;
  const failing = findings.findIndex((finding) => finding !== null && finding.verdict !== 'ok');
  const finding = findings[failing];
  if (finding) return { ...finding, message: `${files[failing]?.name ?? ''}: ${finding.message}` };
  const last = findings.at(-1);
  return last && findings.every((each) => each !== null)
    ? { ...last, message: `each of the ${files.length} files by itself; of the last: ${last.message}` }
    : null;
}
