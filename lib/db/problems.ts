import 'server-only';
import { sql } from 'kysely';
import type { Problem, ProblemCounts } from '../core/chain/problem';
import type { Db, Tx } from './database';

/** Where a problem lies, from which a reading goes on. */
type Place = { byteOffset: number; n: number };

type Records = { first: number; last: number };

/** Problems of a chain in file order, placed in the chain, from `after` on, all or those at records from `first` to `last`. Those at boundaries and of the open segment come with those of closed segments. */
export async function problemsOf(
  db: Db | Tx,
  chainId: string,
  { after, limit, records }: { after?: Place; limit: number; records?: Records },
): Promise<(Problem & { n: number })[]> {
  const rows = await problemsFrom(db, [chainId], after && { chainId, ...after })
    .$if(records !== undefined, (query) =>
      query.where('p.record', '>=', records?.first ?? 0).where('p.record', '<=', records?.last ?? 0),
    )
    .limit(limit)
    .execute();
  return rows.map(({ chainId: _, ...problem }) => problem);
}

/** Problems of several chains, chain by chain and in file order in each, from `after` on. */
export async function problemsOfChains(
  db: Db | Tx,
  chainIds: readonly string[],
  { after, limit }: { after?: Place & { chainId: string }; limit: number },
): Promise<(Problem & { n: number; chainId: string })[]> {
  return chainIds.length === 0 ? [] : problemsFrom(db, chainIds, after).limit(limit).execute();
}

/** Chain by chain and in file order in each, those after a place. */
function problemsFrom(db: Db | Tx, chainIds: readonly string[], after: (Place & { chainId: string }) | undefined) {
  return problemsInChains(db, chainIds)
    .selectAll()
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(p."chainId", p."byteOffset", p.n) > (${after?.chainId ?? ''}::uuid, ${after?.byteOffset ?? 0}::bigint, ${after?.n ?? 0}::bigint)`,
      ),
    )
    .orderBy('p.chainId')
    .orderBy('p.byteOffset')
    .orderBy('p.n');
}

/** How many problems of each kind lie at records from `first` to `last`. */
export async function countProblems(db: Db | Tx, chainId: string, { first, last }: Records): Promise<ProblemCounts> {
  const rows = await problemsInChains(db, [chainId])
    .select((eb) => ['p.code', eb.fn.countAll<number>().as('count')])
    .where('p.record', '>=', first)
    .where('p.record', '<=', last)
    .groupBy('p.code')
    .execute();
  return Object.fromEntries(rows.map(({ code, count }) => [code, Number(count)]));
}

/** How many problems a chain has. */
export async function countAllProblems(db: Db | Tx, chainId: string): Promise<number> {
  const { total } = await problemsInChains(db, [chainId])
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** What tables hold that place problems in the chain already. */
const IN_CHAIN = [
  'p.code',
  'p.severity',
  'p.record',
  'p.line',
  'p.byte_offset as byteOffset',
  'p.byte_length as byteLength',
  'p.expected',
  'p.found',
  'p.message',
] as const;

function problemsInChains(db: Db | Tx, chainIds: readonly string[]) {
  const inSegments = db
    .selectFrom('chain_segments as s')
    .innerJoin('chains as c', 'c.id', 's.chain_id')
    .innerJoin('segment_problems as p', (join) =>
      join.onRef('p.digest', '=', 's.digest').onRef('p.format', '=', 'c.format'),
    )
    .where('s.chain_id', 'in', chainIds)
    .select((eb) => [
      's.chain_id as chainId',
      sql<number>`p.n + 1`.as('n'),
      'p.code',
      'p.severity',
      eb('p.record', '+', eb.ref('s.first_record')).as('record'),
      eb('p.line', '+', eb.ref('s.first_line')).as('line'),
      eb('p.byte_offset', '+', eb.ref('s.byte_offset')).as('byteOffset'),
      'p.byte_length as byteLength',
      'p.expected',
      'p.found',
      'p.message',
    ]);
  const atBoundaries = db
    .selectFrom('boundary_problems as p')
    .where('p.chain_id', 'in', chainIds)
    // Negative, so that a problem at a boundary comes before those inside the segment it opens.
    .select(['p.chain_id as chainId', sql<number>`-1 - p.n`.as('n'), ...IN_CHAIN]);
  const inTail = db
    .selectFrom('tail_problems as p')
    .innerJoin('tails as t', 't.chain_id', 'p.chain_id')
    .where('p.chain_id', 'in', chainIds)
    // What was closed is told by the check of its segment.
    .whereRef('p.byte_offset', '>=', 't.closed_bytes')
    .select(['p.chain_id as chainId', sql<number>`p.n`.as('n'), ...IN_CHAIN]);
  return db.selectFrom(inSegments.unionAll(atBoundaries).unionAll(inTail).as('p'));
}
