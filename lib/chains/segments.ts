import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { PROBLEM_VERDICT, type ProblemCode } from '../core/chain/problem';
import { worst } from '../core/chain/verdict';
import { requireChain } from '../db/chains';
import type { Segment } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { countOf } from '../db/count-of';
import { isAnyDamaged } from '../db/evidence-damage';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { SegmentCursor } from '../db/cursor-shapes';

/** The chain's segments in order. @throws AppError NOT_FOUND. */
export async function listSegments(
  ctx: Context,
  {
    chainId,
    cursor,
    limit,
    withTotal = false,
  }: { chainId: string; cursor?: string; limit: number; withTotal?: boolean },
): Promise<Page<Segment>> {
  await requireChain(ctx.db, chainId);
  const after = cursor ? decodeCursor(SegmentCursor, cursor)[0] : -1;
  const rows = await segmentRows(ctx)
    .where('s.chain_id', '=', chainId)
    .where('s.index', '>', after)
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(toSegment);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.index]) : null,
    ...(withTotal && { total: await countOf(ctx.db, 'chain_segments', chainId) }),
  };
}

/** The first `most` segments of each of several chains, by id and in order. */
export async function firstSegments(
  ctx: Context,
  chainIds: readonly string[],
  most: number,
): Promise<Map<string, Segment[]>> {
  const rows = await segmentRows(ctx)
    .where(sql<boolean>`s.chain_id = ANY(${chainIds}::uuid[])`)
    .where('s.index', '<', most)
    .execute();
  return new Map(
    Map.groupBy(rows, (row) => row.chain_id)
      .entries()
      .map(([id, of]) => [id, of.map(toSegment)]),
  );
}

/** Segments with all that is shown of them; narrow it further and run it. */
function segmentRows(ctx: Context) {
  return ctx.db
    .selectFrom('chain_segments as s')
    .innerJoin('chains as h', 'h.id', 's.chain_id')
    .leftJoin('segment_checks as k', (join) =>
      join.onRef('k.digest', '=', 's.digest').onRef('k.format', '=', 'h.format'),
    )
    .selectAll('s')
    .select((eb) => [
      'h.verdict as chain_verdict',
      'k.verdict',
      isAnyDamaged(sql`s.digest`).as('damaged'),
      'k.result',
      eb
        .selectFrom('attestation_segments as c')
        .innerJoin('attestations as a', 'a.id', 'c.attestation_id')
        .whereRef('c.digest', '=', 's.digest')
        .whereRef('a.chain_id', '=', 's.chain_id')
        .where('c.whole', '=', true)
        .where('a.withdrawn_at', 'is', null)
        .orderBy('a.signed_at', 'desc')
        .limit(1)
        .select('a.id')
        .as('attestation_id'),
      eb
        .selectFrom('boundary_problems as p')
        .whereRef('p.chain_id', '=', 's.chain_id')
        .where(sql<boolean>`p.record >= s.first_record AND p.record < s.first_record + greatest(s.records, 1)`)
        .select(sql<ProblemCode[]>`coalesce(array_agg(p.code), '{}')`.as('codes'))
        .as('boundary_codes'),
    ])
    .orderBy('s.index');
}

function toSegment(row: Awaited<ReturnType<ReturnType<typeof segmentRows>['executeTakeFirstOrThrow']>>): Segment {
  const inside = row.result ? Object.values(row.result.problemCounts).reduce((sum, count) => sum + count, 0) : 0;
  const boundaryCodes = row.boundary_codes ?? [];
  const own = row.chain_verdict === 'pending' ? 'pending' : (row.verdict ?? 'pending');
  const found =
    own === 'pending' ? own : boundaryCodes.reduce((verdict, code) => worst(verdict, PROBLEM_VERDICT[code]), own);
  return {
    index: row.index,
    digest: row.digest,
    // Links out of the segment and the witness are checked with the chain, and reported where they lie.
    verdict: row.damaged ? 'damaged' : found,
    bytes: row.size_bytes,
    byteOffset: row.byte_offset,
    records: row.records,
    firstRecord: row.first_record,
    firstHash: row.result?.first?.hash ?? null,
    lastHash: row.result?.last?.hash ?? null,
    firstRecordedAt: row.result?.firstRecordedAt ?? null,
    lastRecordedAt: row.result?.lastRecordedAt ?? null,
    problems: inside + boundaryCodes.length,
    attestationId: row.attestation_id,
  };
}
