import 'server-only';
import type { z } from 'zod';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import type { ChainRecord, RecordsQuery } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { damageOfChain, damagedSubjects } from '../db/evidence-damage';
import { OrdinalCursor } from '../db/cursor-shapes';
import { countRecords, isFiltered, pageOfRecords } from '../lake/query/page';

type Input = Partial<z.output<typeof RecordsQuery>> & { chainId: string; limit: number };

/** Records of a chain in order from `from` on. @throws AppError NOT_FOUND. */
export async function listRecords(
  ctx: Context,
  { chainId, from = 0, limit, decision, q, broken, cursor }: Input,
): Promise<Page<ChainRecord>> {
  const chain = await requireChain(ctx.db, chainId);
  const filter = { damaged: damagedSubjects(await damageOfChain(ctx.db, chainId)), decision, q, broken };
  const rows = await pageOfRecords(ctx, {
    chainId,
    from: cursor ? decodeCursor(OrdinalCursor, cursor)[0] : from,
    limit: limit + 1,
    filter,
  });
  const next = rows[limit];
  return {
    items: rows.slice(0, limit),
    nextCursor: next ? encodeCursor([next.ordinal]) : null,
    total: isFiltered(filter) ? await countRecords(ctx, chainId, filter) : chain.records,
  };
}
