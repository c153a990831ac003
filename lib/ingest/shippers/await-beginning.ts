import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context';
import { firstLines } from '../../core/bytes/first-lines';
import { RECOGNITION_BYTES } from '../../core/bytes/limits';
import type { FormatId } from '../../core/chain/format';
import { formatById, recogniseFormat } from '../../core/formats';
import { firstRecord } from '../edge-records';

const STEP_MS = 50;

/**
 * Lines that follow a record, for a chain there is none of yet: the delivery with its beginning may be on its way. Resolves when the chain
 * is there, or at `untilMs` of the process's clock; then the log begins in the middle.
 */
export async function awaitBeginning(
  ctx: Context,
  { chain, bytes, format }: { chain: string; bytes: Buffer; format?: FormatId | undefined },
  untilMs: number,
): Promise<void> {
  const lines = firstLines(bytes.subarray(0, RECOGNITION_BYTES), bytes.length <= RECOGNITION_BYTES);
  const id = format ?? recogniseFormat(lines);
  if (!id) return;
  const { genesis } = formatById(id);
  const first = firstRecord(formatById(id), ctx.hasher, lines.slice(0, 1));
  if (!first?.hash || first.prev === null || first.prev === genesis) return;
  while (performance.now() < untilMs && !(await isThere(ctx, chain))) await sleep(STEP_MS);
}

async function isThere(ctx: Context, name: string): Promise<boolean> {
  return (await ctx.db.selectFrom('chains').select('id').where('name', '=', name).executeTakeFirst()) !== undefined;
}
