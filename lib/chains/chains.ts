import 'server-only';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { Database } from '../db/schema';
import type { Context } from '../context';
import { CHAIN_VERDICTS } from '../core/chain/verdict';
import { AppError } from '../core/errors';
import type { Chain, ChainDetail, ChainSort, ChainsQuery, WaitingStage } from '../schemas/chains';
import type { ChainVerdict, Page } from '../schemas/common';
import { type ChainRow, attestedByChain, chainRows, findingsByChain, toChain } from './chain-rows';
import { requireChain } from '../db/chains';
import { DAMAGED_CHAINS, damageCount } from '../db/evidence-damage';
import { isOfFleet } from '../db/of-fleet';
import { type SortColumns, listOrder, rankOf } from '../db/list-order';
import { figuresByVerdict } from './figures-by-verdict';
import { likeText } from './like';
import { listProblems } from './problems';
import { queuePlace } from './queue-place';
import { sameLog } from './same-log';
import { listReSerialisingShippers } from './re-serialising-shippers';
import { tailAlarms } from './tail-alarms';
import { summarise } from './summarise';
import { chainsWaiting } from './waiting';

const SORTED_BY: SortColumns<
  'created' | 'name' | 'verdict' | 'records' | 'size' | 'signed' | 'findings' | 'last-record'
> = {
  created: null,
  name: { value: sql<string>`chains.name`, type: 'text' },
  verdict: {
    value: sql<number>`CASE WHEN chains.id IN ${DAMAGED_CHAINS} THEN 0 ELSE ${rankOf(sql`chains.verdict`, CHAIN_VERDICTS)} END`,
    type: 'bigint',
  },
  records: { value: sql<number>`chains.records`, type: 'bigint' },
  size: { value: sql<number>`chains.size_bytes`, type: 'bigint' },
  signed: { value: sql<number>`coalesce(figure.n, 0) * 1000000 / greatest(chains.records, 1)`, type: 'bigint' },
  findings: { value: sql<number>`coalesce(figure.n, 0)`, type: 'bigint' },
  'last-record': { value: sql<string>`coalesce(chains.last_recorded_at, '')`, type: 'text' },
};

/** Newest chain first, unless another order is asked for. Only one that is narrowed by more than verdicts is counted anew. */
export async function listChains(
  ctx: Context,
  { q, verdict, format, waiting, sort = '-created', cursor, limit }: z.output<typeof ChainsQuery>,
): Promise<Page<Chain>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`chains.id`);
  const matching = (where: ExpressionBuilder<Database, 'chains'>) =>
    where.and([
      isOfFleet('chains.id'),
      ...(q ? [where('name', 'ilike', likeText(q))] : []),
      ...(verdict ? [answeredIs(where, verdict)] : []),
      ...(format ? [where('format', 'in', format)] : []),
      ...(waiting ? [where('id', 'in', chainsWaiting(waiting))] : []),
    ]);
  const [total, rows] = await Promise.all([
    q || format || waiting ? countOf(ctx, matching) : countByVerdict(ctx, verdict),
    chainRows(ctx)
      .$if(isBy(sort, 'signed'), (query) =>
        query.leftJoin(
          (eb) => attestedByChain(eb).as('figure'),
          (join) => join.onRef('figure.chain_id', '=', 'chains.id'),
        ),
      )
      .$if(isBy(sort, 'findings'), (query) =>
        query.leftJoin(
          (eb) => findingsByChain(eb).as('figure'),
          (join) => join.onRef('figure.chain_id', '=', 'chains.id'),
        ),
      )
      .where((where) => matching(where))
      .where(order.after(cursor))
      .select(order.place.as('place'))
      .orderBy(order.orderBy)
      .limit(limit + 1)
      .execute(),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(toChain), nextCursor: last ? order.cursorOf(last) : null, total };
}

function isBy(sort: ChainSort, column: 'signed' | 'findings'): boolean {
  return sort === column || sort === `-${column}`;
}

/** The verdict answered of a chain: of damaged bytes it is not said again. */
function answeredIs(where: ExpressionBuilder<Database, 'chains'>, verdicts: readonly ChainVerdict[]) {
  const stored = verdicts.filter((verdict) => verdict !== 'damaged');
  return where.or([
    ...(stored.length > 0
      ? [where.and([where('verdict', 'in', stored), where(damageCount('chains.id'), '=', 0)])]
      : []),
    ...(stored.length < verdicts.length ? [where('id', 'in', DAMAGED_CHAINS)] : []),
  ]);
}

/** What is kept by verdict: no chain is looked at. */
async function countByVerdict({ db }: Context, verdicts: readonly ChainVerdict[] | undefined): Promise<number> {
  const figures = await figuresByVerdict(db);
  return [...figures].reduce((sum, [of, { chains }]) => (verdicts && !verdicts.includes(of) ? sum : sum + chains), 0);
}

async function countOf(
  { db }: Context,
  matching: (where: ExpressionBuilder<Database, 'chains'>) => Expression<SqlBool>,
): Promise<number> {
  const { total } = await db
    .selectFrom('chains')
    .where(matching)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** A chain's name. @throws AppError NOT_FOUND. */
export async function nameOfChain(ctx: Context, { chainId }: { chainId: string }): Promise<string> {
  return (await requireChain(ctx.db, chainId)).name;
}

/** A chain with its first 500 problems. @throws AppError NOT_FOUND. */
export async function getChain(ctx: Context, { chainId }: { chainId: string }): Promise<ChainDetail> {
  const row = await chainRows(ctx).where('id', '=', chainId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no chain has this id', { chainId });
  const [problems, summary, same, alarms, reSerialised, queue] = await Promise.all([
    listProblems(ctx, { chainId, limit: 500 }),
    summarise(ctx, row),
    sameLog(ctx, row),
    tailAlarms(ctx, { chainId }),
    listReSerialisingShippers(ctx, { chainId }),
    placeOf(ctx, row),
  ]);
  const problemsTotal = Object.values(row.problem_counts).reduce((sum, count) => sum + count, 0);
  return {
    ...toChain(row),
    problems: problems.items,
    problemsTotal,
    summary,
    checkedSidecars: row.verified_generation === row.generation ? row.checked_sidecars : [],
    alarms,
    reSerialised,
    sameLog: same,
    queue,
    signable: signableOf(row),
  };
}

/** The queue of the first stage that is not done with it. */
async function placeOf(ctx: Context, row: ChainRow): Promise<ChainDetail['queue']> {
  const stage = nextStage(row);
  return stage && queuePlace(ctx, row.id, stage);
}

function nextStage(row: ChainRow): WaitingStage | null {
  if (row.verdict === 'pending') return 'check';
  if ((row.loaded_records ?? 0) < (row.closed_records ?? row.records)) return 'load';
  if (row.detected_generation !== row.generation) return 'detect';
  return (row.attested_records ?? 0) < row.records ? 'attest' : null;
}

/** As `requireSettled` and `requireGenuine` decide when it is asked for. */
function signableOf(row: ChainRow): ChainDetail['signable'] {
  if (row.damaged) return 'damaged';
  if (!row.segments) return 'open';
  return row.verdict === 'pending' || row.detected_generation !== row.generation ? 'working' : 'now';
}

/** Whether there is any chain but that of what is done here. */
export async function hasChains(ctx: Context): Promise<boolean> {
  return (
    (await ctx.db.selectFrom('chains').select('id').where(isOfFleet('id')).limit(1).executeTakeFirst()) !== undefined
  );
}
