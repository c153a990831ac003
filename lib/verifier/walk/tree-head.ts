import type { ChainFormat, Hasher } from '../../core/chain/format';
import type { IsRecord } from '../../core/merkle/record-lines';
import { segmentRoot } from '../../core/merkle/segment-root';
import { createSegmentTree } from '../../core/merkle/segment-tree';
import type { Walked } from './join-walk';

/** Root, in lower-case hex, of the tree over the first `size` records of a chain, RFC 6962 with a record's line as leaf; null when there are fewer. Reads the files once more. */
export async function treeRoot(files: readonly Walked[], { size, format, hasher }: { size: number; format: ChainFormat; hasher: Hasher }): Promise<string | null> {
  const checks = files.flatMap(({ walk }) => walk.parts.map(({ check }) => check));
  const records = checks.reduce((sum, check) => sum + check.records, 0);
  if (records < size) return null;
  const isPlain = checks.every(({ records: count, lines, blankLines }) => count + (blankLines?.count ?? 0) === lines);
  const tree = createSegmentTree(hasher, { phase: 0, isRecord: isPlain && records === size ? null : firstOf(size, (line) => format.check(line, hasher).kind === 'record') });
  for (const { plain } of files) for await (const chunk of plain.open()) tree.push(chunk);
  return segmentRoot(tree.end(), hasher);
}

/** Takes so many records, and none after. */
function firstOf(size: number, isRecord: IsRecord): IsRecord {
  let taken = 0;
  return (line) => {
    if (taken === size || !isRecord(line)) return false;
    taken += 1;
    return true;
  };
}
