import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { OrdinalCursor } from '../db/cursor-shapes';
import { damagedSubjects, everyDamage } from '../db/evidence-damage';
import { type Told, recordsAt, toldAt } from '../lake/query/page';
import type { Page } from '../schemas/common';
import type { EvidenceRecord, FindingInFull } from '../schemas/findings';

const keyOf = ({ chainId, ordinal }: { chainId: string; ordinal: number }) => `${chainId} ${ordinal}`;

/** The records a finding lists in order, each with what it says, whether it holds now, and by what it can be proven. @throws AppError NOT_FOUND. */
export async function findingEvidence(
  ctx: Context,
  { findingId, cursor, limit }: { findingId: string; cursor?: string | undefined; limit: number },
): Promise<Page<EvidenceRecord>> {
  const row = await ctx.db.selectFrom('findings').select('records').where('id', '=', findingId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
  const at = cursor ? decodeCursor(OrdinalCursor, cursor)[0] : 0;
  const places = row.records.slice(at, at + limit);
  const chainIds = [...new Set(places.map(({ chainId }) => chainId))];
  const [found, chains, attestations] = await Promise.all([
    everyDamage(ctx.db).then((damage) => recordsAt(ctx, places, damagedSubjects(damage))),
    chainIds.length === 0
      ? []
      : ctx.db.selectFrom('chains').select(['id', 'name']).where('id', 'in', chainIds).execute(),
    attestationsOf(ctx, chainIds),
  ]);
  const records = new Map(found.map((record) => [keyOf(record), record]));
  const names = new Map(chains.map(({ id, name }) => [id, name]));
  return {
    items: places.map((place) => ({
      ...place,
      chainName: names.get(place.chainId) ?? place.chainId,
      record: records.get(keyOf(place)) ?? null,
      attestationId:
        attestations.find(({ chain_id, tree_size }) => chain_id === place.chainId && (tree_size ?? 0) > place.ordinal)
          ?.id ?? null,
    })),
    nextCursor: at + limit < row.records.length ? encodeCursor([at + limit]) : null,
    total: row.records.length,
  };
}

/** Of each chain the attestations that stand, the one over most of it first; at most 500. */
async function attestationsOf(ctx: Context, chainIds: readonly string[]) {
  if (chainIds.length === 0) return [];
  return ctx.db
    .selectFrom('attestations')
    .distinctOn('chain_id')
    .select(['id', 'chain_id', 'tree_size'])
    .where('chain_id', 'in', chainIds)
    .where('withdrawn_at', 'is', null)
    .where('tree_size', 'is not', null)
    .orderBy('chain_id')
    .orderBy('tree_size', 'desc')
    .orderBy('id', 'desc')
    .limit(500)
    .execute();
}

/** What the records a finding lists are told by, in their order; those that the lake lacks are left out. */
export async function toldOf(ctx: Context, { records }: Pick<FindingInFull, 'records'>): Promise<Told[]> {
  const told = new Map((await toldAt(ctx, records)).map((one) => [keyOf(one), one]));
  return records.flatMap((place) => told.get(keyOf(place)) ?? []);
}
