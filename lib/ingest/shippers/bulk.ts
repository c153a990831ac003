import * as z from 'zod';
import type { Hasher } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { type Entry, MAX_ENTRIES } from './delivery';
import { lines } from './events';
import { lineOfEvent } from './raw-line';

/** One action of a bulk request and what it sends. */
export type BulkItem = {
  action: 'create' | 'index' | 'update' | 'delete';
  index: string;
  id: string | null;
  entry: Entry;
};

const Target = z.object({ _index: z.string().optional(), _id: z.string().optional() });
const Action = z.union([
  z.strictObject({ create: Target }),
  z.strictObject({ index: Target }),
  z.strictObject({ update: Target }),
  z.strictObject({ delete: Target }),
]);

/** Actions and sources of a `_bulk` body; what is no `create` or `index` is refused by itself. @throws AppError BAD_REQUEST for a malformed action, TOO_LARGE. */
export function readBulk(hasher: Hasher, body: Buffer, defaultIndex: string | null): BulkItem[] {
  const items: BulkItem[] = [];
  const rest = lines(body);
  let number = 0;
  for (let next = rest.next(); !next.done; next = rest.next()) {
    number += 1;
    if (next.value.length === 0) continue;
    if (items.length === MAX_ENTRIES)
      throw new AppError('TOO_LARGE', `a bulk request is at most ${MAX_ENTRIES} actions`, { limit: MAX_ENTRIES });
    const { action, index: named, id } = readAction(next.value, number);
    const index = named ?? defaultIndex ?? '';
    if (action === 'delete') {
      items.push({ action, index, id, entry: { refused: 'an audit log is only added to: [delete] is not supported' } });
      continue;
    }
    const source = rest.next();
    number += 1;
    if (source.done)
      throw new AppError('BAD_REQUEST', `line ${number}: the source of the last action is missing`, { line: number });
    items.push({ action, index, id, entry: entryOf(hasher, action, index, source.value) });
  }
  return items;
}

function entryOf(hasher: Hasher, action: 'create' | 'index' | 'update', index: string, source: Buffer): Entry {
  if (action === 'update') return { refused: 'an audit log is only added to: [update] is not supported' };
  if (index === '') return { refused: 'nothing names the chain: send "_index"' };
  const value = parsed(source);
  return value === undefined
    ? { refused: 'the source is no JSON object' }
    : { chain: index, ...lineOfEvent(hasher, { bytes: source, value }, 'elastic') };
}

function readAction(
  line: Buffer,
  number: number,
): { action: BulkItem['action']; index: string | undefined; id: string | null } {
  const read = Action.safeParse(parsed(line));
  if (!read.success)
    throw new AppError(
      'BAD_REQUEST',
      `Malformed action/metadata line [${number}], expected one of [create, index, update, delete]`,
      { line: number },
    );
  for (const action of ['create', 'index', 'update', 'delete'] as const) {
    const target = action in read.data ? Target.parse(Object.values(read.data)[0]) : null;
    if (target) return { action, index: target._index, id: target._id ?? null };
  }
  throw new AppError('BAD_REQUEST', `Malformed action/metadata line [${number}]`, { line: number });
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined; // reported by the caller that needs a value here
  }
}
