import type { WitnessedHead } from './check';
import type { ProblemList } from './problem-list';

type Witnessed = WitnessedHead & { found: string | null };

/**
 * Holds a chain against the heads seen of it before. Of the heads it no longer reaches, the furthest is told; of those it
 * contradicts, the earliest: what follows a rewritten record is rewritten too.
 */
export function judgeWitness(found: ProblemList, chain: { records: number; lines: number; sizeBytes: number }, witnessed: readonly Witnessed[]): void {
  const missing = witnessed.filter(({ found: hash }) => hash === null).toSorted((a, b) => b.records - a.records)[0];
  if (missing) {
    const lost = missing.records - chain.records;
    const place = { record: chain.records, line: chain.lines + 1, byteOffset: chain.sizeBytes, byteLength: 0 };
    found.add('shorter-than-witnessed', place, {
      expected: missing.hash,
      found: null,
      message:
        lost > 0
          ? `On ${missing.observedAt} this chain had ${missing.records.toLocaleString('en')} records; the last ${lost === 1 ? 'one is' : `${lost.toLocaleString('en')} are`} gone.`
          : `On ${missing.observedAt} record ${missing.records - 1} of this chain carried a hash; now it carries none.`,
    });
  }
  const rewritten = witnessed.filter(({ found: hash, hash: seen }) => hash !== null && hash !== seen).toSorted((a, b) => a.records - b.records)[0];
  if (rewritten) {
    const record = rewritten.records - 1;
    // The line is exact where each line before holds a record; the head itself names no line.
    const place = { record, line: record + 1, byteOffset: Math.min(rewritten.sizeBytes, chain.sizeBytes), byteLength: 0 };
    found.add('history-rewritten', place, {
      expected: rewritten.hash,
      found: rewritten.found,
      message: `On ${rewritten.observedAt} record ${record} of this chain had another hash: the log was rewritten from some record up to this one onwards.`,
    });
  }
}
