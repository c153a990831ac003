import type { Hasher } from '../../../core/chain/format';
import { FORMATS } from '../../../core/formats';
import type { Statement } from '../../../core/statements/statement';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { eachObject } from '../walk/each-object';

/** Holds a statement a tool made itself against its log. Null when it is none. */
export async function compareTool(
  statement: Statement,
  logs: readonly Item[],
  { hasher }: { hasher: Hasher },
): Promise<{ rows: Row[]; logs: Item[] } | null> {
  for (const format of FORMATS) {
    const stated = format.statementOf?.(statement, hasher);
    if (!stated) continue;
    const seen = await Promise.all(
      logs
        .filter(({ walk }) => walk?.format === format.id)
        .map(async (item) => ({ item, ...(await watched(item, stated.watch())) })),
    );
    const [mine] = seen.toSorted((a, b) => b.fit - a.fit);
    if (!mine)
      return {
        rows: [
          stated.subject,
          { step: 'tool-log', status: 'skipped', reason: { code: 'tool-log-not-here', ...stated.log } },
        ],
        logs: [],
      };
    return { rows: [stated.subject, ...mine.checks], logs: [mine.item] };
  }
  return null;
}

async function watched<T>({ plain }: Item, watch: { see: Parameters<typeof eachObject>[1]; end(): T }): Promise<T> {
  if (plain) await eachObject(plain, watch.see);
  return watch.end();
}
