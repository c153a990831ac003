import type { Hasher } from '../../../core/chain/format';
import { formatById } from '../../../core/formats';
import { bytesBetween } from '../../log/bytes-between';
import { checkWhole } from '../../log/check-file';
import { openFile } from '../../log/head';
import { eachRecord } from './each-record';
import { type Joined, type Walked, joinWalk } from './join-walk';
import type { Part } from './walk-log';

/** What the first `count` records of a chain come to; null when it has fewer. What follows them is as if it were not there. */
export async function joinFirst(
  files: readonly Walked[],
  { count, hasher }: { count: number; hasher: Hasher },
): Promise<Joined | null> {
  const total = files.reduce((sum, { walk }) => sum + recordsIn(walk.parts), 0);
  if (total < count || files.length === 0) return null;
  if (total === count) return joinWalk(files, { hasher });
  return joinWalk(await firstOf(files, { count, hasher }), { hasher });
}

async function firstOf(
  files: readonly Walked[],
  { count, hasher }: { count: number; hasher: Hasher },
): Promise<Walked[]> {
  const kept: Walked[] = [];
  let joined = 0;
  for (const { plain, walk } of files) {
    const parts: Part[] = [];
    for (const part of walk.parts) {
      if (joined === count) break;
      const { records } = part.check;
      parts.push(
        joined + records <= count
          ? part
          : await cut({ plain, walk: { ...walk, parts: [part] } }, count - joined, hasher),
      );
      joined = Math.min(count, joined + records);
    }
    const sizeBytes = parts.at(-1)?.to ?? 0;
    if (parts.length > 0)
      kept.push({
        plain: openFile(plain.name, () => bytesBetween(plain.open(), 0, sizeBytes)),
        walk: { ...walk, parts, sizeBytes },
      });
  }
  return kept;
}

/** The first `count` records of a part, walked by themselves. */
async function cut(file: Walked, count: number, hasher: Hasher): Promise<Part> {
  const from = file.walk.parts[0]?.from ?? 0;
  let to = from;
  await eachRecord([file], { hasher, from: count - 1, to: count }, ({ endByte }) => {
    to = endByte;
  });
  return {
    from,
    to,
    ...(await checkWhole(bytesBetween(file.plain.open(), from, to), formatById(file.walk.format), hasher)),
  };
}

function recordsIn(parts: readonly Part[]): number {
  return parts.reduce((sum, { check }) => sum + check.records, 0);
}
