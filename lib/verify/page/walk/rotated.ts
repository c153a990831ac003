import { groupRotated } from '../../../core/chain/rotation';
import { formatById } from '../../../core/formats';
import type { Item } from '../item';
import type { Walked } from './join-walk';

/** Logs, those together that rotation made of one and that are one chain, oldest first. A set of which one was not walked is left apart: what is missing from it says nothing. */
export function rotatedChains(logs: readonly Item[]): Item[][] {
  const places = logs.map((item) => ({ file: `${item.source.from ?? ''}/${item.source.name}`, item }));
  return groupRotated(places).flatMap(({ files }) => {
    const set = files.map(({ item }) => item);
    return set.every(({ walk }) => walk !== null) ? apart(set) : set.map((item) => [item]);
  });
}

export function filesOf(items: readonly Item[]): Walked[] {
  return items.flatMap(({ plain, walk }) => (plain && walk ? [{ plain, walk }] : []));
}

/** Files of a set that begin a chain of their own, as those of formats do that know nothing of rotation, are chains by themselves. */
function apart(set: readonly Item[]): Item[][] {
  const chains: Item[][] = [];
  for (const item of set) {
    const before = chains.at(-1);
    if (before && before[0]?.walk?.format === item.walk?.format && !beginsAnew(item)) before.push(item);
    else chains.push([item]);
  }
  return chains;
}

function beginsAnew({ walk }: Item): boolean {
  if (!walk) return true;
  const format = formatById(walk.format);
  if (format.rotates) return false;
  const first = walk.parts.map(({ check }) => check).find(({ records }) => records > 0)?.first;
  return first?.record === 0 && first.prev === format.genesis;
}
