import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import { exitCode } from '../../core/chain/verdict';
import { isOwnChain } from '../../core/own-chain';
import type { Db, Tx } from '../../db/database';
import { ANSWERED_VERDICT } from '../../db/evidence-damage';
import { isFleetFinding } from '../../db/of-fleet';
import { HIDDEN_AS_NOTED, IN_FORCE, hideable, isHidden, isLate } from '../../db/suppressed';
import type { FindingsTable } from '../../db/schema';
import { type ChainVerdict, Level, type Page } from '../../schemas/common';
import type { Finding, FindingsFilter, FindingsQuery } from '../../schemas/findings';
import { MOST_COUNTED } from '../../schemas/most-counted';
import { type Assignee, FindingStatus } from '../../schemas/triage';
import { type ListOrder, type SortColumns, listOrder } from '../../db/list-order';

/** `chainIds`: of any of these chains. */
type Filter = Partial<FindingsFilter> & { chainIds?: readonly string[] | undefined };
/** `none` of a page whose list nobody counts. */
export type FindingsInput = Filter &
  Omit<z.output<typeof FindingsQuery>, keyof FindingsFilter | 'total'> & { total?: 'exact' | 'none' | undefined };

/** As the index of this order has them: texts of their own, not bound. */
const RANK = sql`array_position(ARRAY[${sql.join(Level.options.map((level) => sql.lit(level)))}]::text[], findings.level)::bigint`;
const WINDOW_MS = sql`(extract(epoch FROM findings.window_to AT TIME ZONE 'UTC') * 1000)::bigint`;
const SORTED_BY: SortColumns<'window' | 'level' | 'records'> = {
  window: { value: sql<Date>`findings.window_to`, type: 'timestamptz' },
  // Of a level the newest window first: a level is more than all milliseconds there are.
  level: {
    value: sql<number>`${RANK} * 1000000000000000 - ${WINDOW_MS}`,
    type: 'bigint',
  },
  records: { value: sql<number>`findings.record_count::bigint`, type: 'bigint' },
};

/** Findings that stand, narrowed. Those that suppressions hide are among them where that is asked for, and those about what is done here where their chain is. */
export function matching(db: Db | Tx, filter: Filter) {
  const { status, level, verdict, assigneeId, ruleId, chainId, suppressionId, from, to, foundFrom, foundTo } = filter;
  const suppressed = filter.suppressed ?? (suppressionId ? 'only' : 'without');
  return db
    .selectFrom('findings')
    .where('superseded_at', 'is', null)
    .$if(!isOwnChain(chainId ?? null), (query) => query.where(isFleetFinding('findings.id')))
    .$if(!!status, (query) => query.where('findings.status', 'in', status ?? []))
    .$if(!!level, (query) => query.where('findings.level', 'in', level ?? []))
    .$if(!!verdict, (query) => query.where('findings.verdict', 'in', verdict ?? []))
    .$if(assigneeId === 'none', (query) => query.where('findings.assignee_id', 'is', null))
    .$if(!!assigneeId && assigneeId !== 'none', (query) => query.where('findings.assignee_id', '=', assigneeId ?? ''))
    .$if(!!ruleId, (query) => query.where('findings.rule_id', '=', ruleId ?? ''))
    .$if(suppressed === 'without', (query) => query.where(({ not }) => not(isHidden('findings'))))
    .$if(suppressed === 'only', (query) => query.where(isHidden('findings')))
    .$if(!!suppressionId, (query) => query.where(isHiddenBy(suppressionId ?? '')))
    .$if(!!chainId, (query) =>
      query.where('findings.id', 'in', (eb) =>
        eb
          .selectFrom('finding_chains')
          .select('finding_id')
          .where('chain_id', '=', chainId ?? ''),
      ),
    )
    .$if(!!filter.chainIds, (query) =>
      query.where('findings.id', 'in', (eb) =>
        eb
          .selectFrom('finding_chains')
          .select('finding_id')
          .where(sql<boolean>`chain_id = ANY(${filter.chainIds ?? []}::uuid[])`),
      ),
    )
    .$if(!!foundFrom, (query) => query.where('findings.found_at', '>=', new Date(foundFrom ?? 0)))
    .$if(!!foundTo, (query) => query.where('findings.found_at', '<', new Date(foundTo ?? 0)))
    .$if(!!from, (query) => query.where('findings.window_to', '>', new Date(from ?? 0)))
    .$if(!!to, (query) => query.where('findings.window_from', '<', new Date(to ?? 0)))
    .$if(!!from && !!to && Date.parse(from) < Date.parse(to), (query) =>
      query.where(
        // The same again: orders have the end of windows in their index, and a period has one of its own.
        sql<boolean>`tstzrange(least(findings.window_from, findings.window_to), findings.window_to, '[]') && tstzrange(${from}, ${to}, '()')`,
      ),
    );
}

function isHiddenBy(suppressionId: string) {
  return sql<boolean>`EXISTS (SELECT FROM suppressed_findings h JOIN suppressions s ON s.id = h.suppression_id
    WHERE h.finding_id = findings.id AND s.id = ${suppressionId}::uuid AND ${IN_FORCE} AND ${hideable(sql.id('findings'))})`;
}

/** How many findings stand, narrowed, each of them counted. */
export async function countOf(db: Db | Tx, filter: Filter): Promise<number> {
  const { total } = await matching(db, filter)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** How many findings of each status stand, narrowed by the rest; no more than so many are counted of each. */
export async function countsByStatus(db: Db, filter: Omit<Filter, 'status'>): Promise<Record<FindingStatus, number>> {
  const counts = { new: 0, in_progress: 0, on_hold: 0, resolved: 0, closed: 0 };
  for (const { status, total } of await countedOf(db, filter)) counts[status] = total;
  return counts;
}

async function countedOf(db: Db, { status = FindingStatus.options, ...filter }: Filter) {
  const parts = await partsOf(db, filter);
  const counts = status.map(
    (of) => sql`SELECT ${of}::text AS status, ${upTo(parts, { status: [of] }, filter)} AS total`,
  );
  const { rows } = await sql<{ status: FindingStatus; total: number }>`${sql.join(counts, sql` UNION ALL `)}`.execute(
    db,
  );
  return rows;
}

/** How many there are of these parts, up to so many. */
function upTo(parts: Awaited<ReturnType<typeof partsOf>>, of: Filter, filter: Filter) {
  const counts = parts.map((part) => {
    const found = part(of)
      .select(sql`1`.as('one'))
      // of all there are they are counted along an index, and not until so many were met
      .$if(!isNarrowed(filter), (query) => query.orderBy('level').orderBy('window_to'))
      .limit(MOST_COUNTED);
    return sql`(SELECT count(*) FROM (${found}) AS found)`;
  });
  return sql`least(${MOST_COUNTED}, ${sql.join(counts, sql` + `)})::int`;
}

/** By more than what all lists are read by. */
function isNarrowed({ status: _, level: __, suppressed: ___, ...filter }: Filter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/**
 * The findings that stand, narrowed, in parts that indexes have by themselves: those that are noted as hidden, and the others. While a suppression has expired
 * that is noted still, what is noted as hidden is held against those in force.
 */
async function partsOf(db: Db, filter: Filter) {
  const suppressed = filter.suppressed ?? (filter.suppressionId ? 'only' : 'without');
  const late = suppressed === 'with' ? false : await isLate(db);
  const part = (noted: 0 | 1, held: 'with' | 'without' | 'only') => (of: Filter) =>
    matching(db, { ...filter, ...of, suppressed: held }).where(HIDDEN_AS_NOTED, '=', sql.lit(noted));
  const others = part(0, 'with');
  if (suppressed === 'with') return [others, part(1, 'with')];
  if (suppressed === 'only') return [part(1, late ? 'only' : 'with')];
  return late ? [others, part(1, 'without')] : [others];
}

/** How many findings stand, narrowed, up to so many. */
export async function countUpTo(db: Db, filter: Filter): Promise<number> {
  if (filter.status || !isNarrowed(filter)) {
    const counts = await countedOf(db, filter);
    return Math.min(
      MOST_COUNTED,
      counts.reduce((sum, { total }) => sum + total, 0),
    );
  }
  // what narrows them has an index, and a status none of its own
  const { rows } = await sql<{ total: number }>`SELECT ${upTo(await partsOf(db, filter), {}, filter)} AS total`.execute(
    db,
  );
  return rows[0]?.total ?? 0;
}

/**
 * What rules found in the records as they stand, newest window first, unless another order is asked for. `total` is of no more than 1,000 unless an exact one
 * is asked for, and is left out where none is.
 */
export async function findingsOf(
  db: Db,
  { sort = '-window', cursor, limit, total, ...filter }: FindingsInput,
): Promise<Page<Finding>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`findings.id`);
  const places = await placesOf(db, filter, { order, cursor, limit: limit + 1 });
  const items = await inOrder(db, places.slice(0, limit));
  const last = places.length > limit ? places[limit - 1] : undefined;
  return {
    items,
    nextCursor: last ? order.cursorOf(last) : null,
    ...(total !== 'none' && { total: await (total === 'exact' ? countOf(db, filter) : countUpTo(db, filter)) }),
  };
}

type Place = { id: string; place: string | number };

/**
 * Where findings stand in the order of a list: read of each status and level by themselves, which an index has in that order, and merged. Those of a chain are
 * read by the chain.
 */
async function placesOf(
  db: Db,
  { status = FindingStatus.options, level = Level.options, ...filter }: Filter,
  { order, cursor, limit }: { order: ListOrder; cursor: string | undefined; limit: number },
): Promise<Place[]> {
  const parts = await partsOf(db, filter);
  const some = filter.chainId
    ? [{ status, level }]
    : status.flatMap((one) => level.map((other) => ({ status: [one], level: [other] })));
  const each = some.flatMap((of) =>
    parts.map(
      (part) =>
        sql`(${part(of)
          .where(order.after(cursor))
          .select(['findings.id', order.place.as('place')])
          .orderBy(order.orderBy)
          .limit(limit)})`,
    ),
  );
  const { rows } = await sql<Place>`
    SELECT id, place FROM (${sql.join(each, sql` UNION ALL `)}) AS found
    ORDER BY place ${order.direction}, id ${order.direction} LIMIT ${limit}`.execute(db);
  return rows;
}

/** What a list shows of findings, in the order of their places. */
async function inOrder(db: Db, places: readonly Place[]): Promise<Finding[]> {
  if (places.length === 0) return [];
  const ids = places.map(({ id }) => id);
  const rows = await db.selectFrom('findings').select(SHOWN).where('id', 'in', ids).execute();
  const found = new Map((await withChains(db, rows)).map((finding) => [finding.id, finding]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** What a list shows of each; not its records and its rule's text, which may be long. */
const SHOWN = [
  'findings.id',
  'findings.rule_id',
  'findings.rule_digest',
  'findings.title',
  'findings.level',
  'findings.status',
  'findings.verdict',
  'findings.assignee_id',
  'findings.group_values',
  'findings.window_from',
  'findings.window_to',
  'findings.measures',
  'findings.record_count',
  'findings.found_at',
  'findings.acknowledged_at',
  'findings.decided_at',
] as const;
type Column<T> = T extends `findings.${infer Name}` ? Name : never;
type FindingRow = Pick<Selectable<FindingsTable>, Column<(typeof SHOWN)[number]> & keyof FindingsTable>;

/** Rows as findings, with the chains their records lie in and who has them. */
export async function withChains(db: Db, rows: readonly FindingRow[]): Promise<Finding[]> {
  if (rows.length === 0) return [];
  const links = await db
    .selectFrom('finding_chains as f')
    .innerJoin('chains', 'chains.id', 'f.chain_id')
    .where(
      'f.finding_id',
      'in',
      rows.map(({ id }) => id),
    )
    .select(['f.finding_id', 'chains.id', 'chains.name', ANSWERED_VERDICT.as('verdict')])
    .orderBy('chains.name')
    .execute();
  const hidden = await hiddenAmong(
    db,
    rows.map(({ id }) => id),
  );
  const people = await namesOf(
    db,
    rows.flatMap(({ assignee_id: id }) => id ?? []),
  );
  return rows.map((row) => {
    const chains = links
      .filter((link) => link.finding_id === row.id)
      .map(({ id, name, verdict }) => ({ id, name, verdict }));
    return {
      id: row.id,
      ruleId: row.rule_id,
      ruleDigest: row.rule_digest,
      title: row.title,
      level: row.level,
      status: row.status,
      verdict: row.verdict,
      assignee: personOf(people, row.assignee_id),
      suppressedBy: hidden.get(row.id) ?? null,
      group: row.group_values,
      windowFrom: row.window_from.toISOString(),
      windowTo: row.window_to.toISOString(),
      measures: row.measures,
      recordCount: row.record_count,
      chains,
      evidence: evidenceOf(chains.map(({ verdict }) => verdict)),
      foundAt: row.found_at.toISOString(),
      acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
      decidedAt: row.decided_at?.toISOString() ?? null,
    };
  });
}

/** Of findings that suppressions hide now the one that does so longest. */
async function hiddenAmong(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Finding['suppressedBy']>> {
  const rows = await db
    .selectFrom('suppressed_findings as h')
    .innerJoin('findings as f', 'f.id', 'h.finding_id')
    .innerJoin('suppressions as s', 's.id', 'h.suppression_id')
    .distinctOn('f.id')
    .where('f.id', 'in', ids)
    .where(hideable(sql.id('f')))
    .where(IN_FORCE)
    .orderBy('f.id')
    .orderBy('s.expires_at', 'desc')
    .orderBy('s.id')
    .select(['f.id as finding_id', 's.id', 's.title', 's.expires_at'])
    .execute();
  return new Map(
    rows.map(({ finding_id: of, id, title, expires_at: at }) => [of, { id, title, expiresAt: at.toISOString() }]),
  );
}

function evidenceOf(verdicts: readonly ChainVerdict[]): Finding['evidence'] {
  const isBroken = (verdict: ChainVerdict) =>
    verdict === 'damaged' || (verdict !== 'pending' && exitCode(verdict) !== 0);
  if (verdicts.some(isBroken)) return 'does_not_hold';
  return verdicts.includes('pending') ? 'unchecked' : 'holds';
}

/** Names of people by their ids. */
export async function namesOf(db: Db | Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('user')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Somebody by their name; one who is gone by the id. */
export function personOf(names: ReadonlyMap<string, string>, id: string | null): Assignee | null {
  return id === null ? null : { id, name: names.get(id) ?? id };
}
