import { createSHA256 } from 'hash-wasm';
import type { Hasher } from '../../core/chain/format';
import { formatById } from '../../core/formats';
import { type Item, isLog } from './item';
import { failureOf } from './stopped';
import { type ByteRange, keyOf, walkLog } from './walk/walk-log';

/** Gives an item its SHA-256 as it lies there; a log that is not packed has it from the walk. @throws Stopped. */
export async function digestItem(item: Item): Promise<void> {
  const { what, plain } = item;
  if (item.sha256 !== null || what.kind === 'unreadable' || what.kind === 'package') return;
  if (isLog(item) && !plain?.isPacked) return;
  try {
    const sha256 = (await createSHA256()).init();
    for await (const chunk of item.source.open()) sha256.update(chunk);
    item.sha256 = sha256.digest('hex');
  } catch (error) {
    item.what = { kind: 'unreadable', message: failureOf(error) };
  }
}

/** Walks a log, if that was not done with all of these ranges before. @throws Stopped. */
export async function walkItem(
  item: Item,
  { hasher, ranges, onBegin }: { hasher: Hasher; ranges: readonly ByteRange[]; onBegin(): void },
): Promise<void> {
  const { what, plain } = item;
  if (what.kind !== 'log' || !plain || item.failure !== null) return;
  if (item.walk && ranges.every((range) => item.ranges.has(keyOf(range)))) return;
  onBegin();
  try {
    item.walk = await walkLog(plain, { format: formatById(what.format), hasher, ranges });
    if (!plain.isPacked) item.sha256 = item.walk.sha256;
    item.ranges = new Set(ranges.map(keyOf));
  } catch (error) {
    item.failure = failureOf(error);
  }
}
