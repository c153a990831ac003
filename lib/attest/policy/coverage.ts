import 'server-only';
import type { Context } from '../../context';
import { isAttested } from '../../db/attested';
import { requireChain } from '../../db/chains';
import type { Coverage } from '../../schemas/attestation-requests';
import { policyOf } from './policy';

const MAX_RANGES = 10_000;

type Interval = { first: number; last: number };
export type Uncovered = { closed: number; records: number; oldest: { ordinal: number; receivedAt: Date } | null };

/** How much of a chain is under an attestation that is signed and not withdrawn. @throws AppError NOT_FOUND. */
export async function getCoverage(ctx: Context, { chainId }: { chainId: string }): Promise<Coverage> {
  const chain = await requireChain(ctx.db, chainId);
  const [{ records: missing, oldest }, { alertAfterMinutes }, states] = await Promise.all([
    uncovered(ctx, chainId),
    policyOf(ctx, { chainId }),
    ctx.db
      .selectFrom('attestation_requests')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
      .where('chain_id', '=', chainId)
      .where('state', 'in', ['waiting', 'failed'])
      .groupBy('state')
      .execute(),
  ]);
  const attested = Math.max(0, chain.records - missing);
  const count = (state: string) => Number(states.find((row) => row.state === state)?.count ?? 0);
  return {
    records: chain.records,
    attestedRecords: attested,
    share: chain.records === 0 ? 1 : attested / chain.records,
    oldestUncovered: oldest && { ordinal: oldest.ordinal, receivedAt: oldest.receivedAt.toISOString() },
    isOverdue:
      alertAfterMinutes !== null &&
      oldest !== null &&
      ctx.now().getTime() - oldest.receivedAt.getTime() > alertAfterMinutes * 60_000,
    waiting: count('waiting'),
    failed: count('failed'),
  };
}

/** Records under no attestation: of closed segments, and all, those of the open segment included. */
export async function uncovered(ctx: Context, chainId: string): Promise<Uncovered> {
  const chain = await requireChain(ctx.db, chainId);
  const bare = await ctx.db
    .selectFrom('chain_segments as s')
    .innerJoin('uploads as u', 'u.id', 's.upload_id')
    .where('s.chain_id', '=', chainId)
    .where((eb) => eb.not(isAttested(eb)))
    .select(['s.digest', 's.first_record', 's.records', 'u.received_at'])
    .orderBy('s.index')
    .execute();
  const ranges =
    bare.length === 0
      ? []
      : await attestedRanges(
          ctx,
          chainId,
          bare.map(({ digest }) => digest),
        );
  let closed = 0;
  let oldest: Uncovered['oldest'] = null;
  for (const segment of bare) {
    for (const { first, last } of without(
      { first: segment.first_record, last: segment.first_record + segment.records - 1 },
      ranges.filter(({ digest }) => digest === segment.digest),
    )) {
      closed += last - first + 1;
      oldest ??= { ordinal: first, receivedAt: segment.received_at };
    }
  }
  const tail = await ctx.db
    .selectFrom('tails')
    .select(['closed_records', 'records', 'opened_at'])
    .where('chain_id', '=', chainId)
    .executeTakeFirst();
  const open = tail ? Math.max(0, chain.records - tail.closed_records) : 0;
  if (open > 0 && tail?.opened_at) oldest ??= { ordinal: tail.closed_records, receivedAt: tail.opened_at };
  return { closed, records: closed + open, oldest };
}

/** Ranges of a chain's records that were attested on their own, with the segments they lie in. */
function attestedRanges(ctx: Context, chainId: string, digests: string[]) {
  return ctx.db
    .selectFrom('attestations as a')
    .innerJoin('attestation_segments as x', 'x.attestation_id', 'a.id')
    .where('a.chain_id', '=', chainId)
    .where('a.withdrawn_at', 'is', null)
    .where('x.digest', 'in', digests)
    .where((eb) => eb(eb.ref('a.scope', '->>').key('kind'), '=', 'range'))
    .select(['x.digest', 'a.first_record as first', 'a.last_record as last'])
    .orderBy('a.first_record')
    .limit(MAX_RANGES)
    .execute();
}

/** What is left of an interval when others, in order of where they begin, are taken out. */
export function without(whole: Interval, taken: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let from = whole.first;
  for (const { first, last } of taken) {
    if (last < from || first > whole.last) continue;
    if (first > from) left.push({ first: from, last: first - 1 });
    from = Math.max(from, last + 1);
  }
  if (from <= whole.last) left.push({ first: from, last: whole.last });
  return left;
}
