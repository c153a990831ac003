import type { Hasher } from '../../../core/chain/format';
import { createChainRoot } from '../../../core/merkle/chain-root';
import { hasOneRecordALine } from '../../../core/chain/check';
import type { RecordsIn } from '../../../core/merkle/record-lines';
import { recordTest } from '../../../core/merkle/record-test';
import type { Walked } from './join-walk';

/** Roots by the walk of the first file, for as long as that is held. */
const known = new WeakMap<object, Map<string, Promise<string | null>>>();

/** Root, in lower-case hex, of the tree over the first `size` records of a chain, RFC 6962 with a record's line as leaf; null when there are fewer. Reads the files once more, the first time. */
export function treeRoot(
  files: readonly Walked[],
  { size, hasher }: { size: number; hasher: Hasher },
): Promise<string | null> {
  const [first] = files;
  if (!first) return Promise.resolve(null);
  const roots = known.get(first.walk) ?? new Map<string, Promise<string | null>>();
  known.set(first.walk, roots);
  const key = [size, ...files.map(({ walk }) => walk.sha256)].join(' ');
  const root = roots.get(key) ?? computed(files, { size, hasher });
  roots.set(key, root);
  return root;
}

async function computed(
  files: readonly Walked[],
  { size, hasher }: { size: number; hasher: Hasher },
): Promise<string | null> {
  const checks = files.flatMap(({ walk }) => walk.parts.map(({ check }) => check));
  const records = checks.reduce((sum, check) => sum + check.records, 0);
  const [file] = files;
  if (!file || records < size) return null;
  const isPlain = checks.every(hasOneRecordALine);
  const tree = createChainRoot(
    hasher,
    isPlain && records === size ? null : firstOf(size, recordTest(file.walk.format, hasher)),
  );
  for (const { plain } of files) for await (const chunk of plain.open()) tree.push(chunk);
  return (await tree.end()).rootHash;
}

/** Takes so many records, and none after. */
function firstOf(size: number, recordsIn: RecordsIn): RecordsIn {
  let consumed = 0;
  return (line) => {
    const records = consumed === size ? [] : recordsIn(line).slice(0, size - consumed);
    consumed += records.length;
    return records;
  };
}
