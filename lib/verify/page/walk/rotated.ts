import { groupRotated } from '../../../core/chain/rotation';
import { type Beginning, splitAtBeginnings } from '../../log/split-at-beginnings';
import type { Item } from '../item';
import type { Walked } from './join-walk';

/** Logs, those together that rotation made of one and that are one chain, oldest first. A set of which one was not walked is left apart: what is missing from it says nothing. */
export function rotatedChains(logs: readonly Item[]): Item[][] {
  const places = logs.map((item) => ({ file: `${item.source.from ?? ''}/${item.source.name}`, item }));
  return groupRotated(places).flatMap(({ files }) => {
    const set = files.map(({ item }) => item);
    return set.every(({ walk }) => walk !== null)
      ? splitAtBeginnings(set.map((item) => ({ file: item, begins: beginningOf(item) })))
      : set.map((item) => [item]);
  });
}

export function filesOf(items: readonly Item[]): Walked[] {
  return items.flatMap(({ plain, walk }) => (plain && walk ? [{ plain, walk }] : []));
}

function beginningOf({ walk }: Item): Beginning {
  const first = walk?.parts.map(({ check }) => check).find(({ records }) => records > 0)?.first;
  return walk && { format: walk.format, prev: first?.record === 0 ? first.prev : null };
}
