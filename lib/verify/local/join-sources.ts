import type { OriginalFinding } from '../../core/chain/original';
import { type Sightings, sight } from '../../core/chain/sightings';
import { AppError } from '../../core/errors';
import type { LogSource } from './log-source';

/** The files of a rotated log, oldest first, as one log. Its segments end where the files do. */
export function joinSources(parts: readonly { file: string; source: LogSource }[]): LogSource {
  const [only] = parts;
  if (only && parts.length === 1) return only.source;
  /** Segments of each file. */
  let counts: number[] = [];
  return {
    async head() {
      for (const { file, source } of parts) {
        const head = await namingFile(file, () => source.head());
        if (head.bytes.length > 0) return head;
      }
      return { bytes: new Uint8Array(0), complete: true };
    },
    original(format) {
      const findings = parts.map(({ source }) => source.original(format));
      return async () => eachByItself(parts, await Promise.all(findings.map((finding) => finding())));
    },
    async *segments(format, placed) {
      counts = parts.map(() => 0);
      for (const [index, { file, source }] of parts.entries()) {
        const segments = source.segments(format, placed)[Symbol.asyncIterator]();
        try {
          for (let next = await namingFile(file, () => segments.next()); !next.done; next = await namingFile(file, () => segments.next())) {
            counts[index] = (counts[index] ?? 0) + 1;
            yield { ...next.value, file: index };
          }
        } finally {
          await segments.return?.();
        }
      }
    },
    async sight(format, wanted, checks) {
      const sightings: Sightings = new Map();
      let [from, base] = [0, 0];
      for (const [index, { source }] of parts.entries()) {
        const own = checks.slice(from, from + (counts[index] ?? 0));
        const at = (record: number | null) => (record === null ? null : base + record);
        for (const [hash, { bearer, claimant }] of await source.sight(format, wanted, own)) sight(sightings, hash, { bearer: at(bearer), claimant: at(claimant) });
        from += own.length;
        base += own.reduce((sum, { records }) => sum + records, 0);
      }
      return sightings;
    },
    files: () => parts.flatMap(({ source }) => source.files()),
  };
}

/** Says of which file what went wrong. */
export async function namingFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError ? new AppError(error.code, `cannot be checked whole: ${file} ${error.message}`, error.details, { cause: error }) : error;
  }
}

/** The originals know no rotated logs: each file is verified by itself. Lines are counted in the file that is named. */
function eachByItself(parts: readonly { file: string }[], findings: readonly (OriginalFinding | null)[]): OriginalFinding | null {
  const failing = findings.findIndex((finding) => finding !== null && finding.verdict !== 'ok');
  const finding = findings[failing];
  if (finding) return { ...finding, message: `${parts[failing]?.file ?? ''}: ${finding.message}` };
  const last = findings.at(-1);
  return last && findings.every((each) => each !== null) ? { ...last, message: `each of the ${parts.length} files by itself; of the last: ${last.message}` } : null;
}
