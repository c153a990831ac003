import 'server-only';
import { type Insertable, sql } from 'kysely';
import type { SegmentCheck } from '../core/chain/check';
import type { ProblemCounts } from '../core/chain/problem';
import type { StoredVerdict } from '../core/chain/verdict';
import type { Tx } from './database';
import { insertAll } from './insert-all';
import { damageCount } from './evidence-damage';
import { lockId } from './lock';
import type { TailsTable } from './tail-tables';
import { type TailSeals, sealedPiece } from './tail-seal';

/** Locks the chains of these names until the transaction ends, those that nobody else holds. Gives the names that are locked. */
export async function lockFree(tx: Tx, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{
    name: string;
  }>`SELECT name FROM unnest(${names}::text[]) AS name WHERE pg_try_advisory_xact_lock(${lockId(sql`'chain:' || name`)})`.execute(
    tx,
  );
  return new Set(rows.map(({ name }) => name));
}

/** Chains by name with what is known of their tails; `version` is null for a chain that has none. */
export function growingChains(tx: Tx, names: readonly string[]) {
  return tx
    .selectFrom('chains as c')
    .leftJoin('tails as t', 't.chain_id', 'c.id')
    .where('c.name', 'in', names)
    .select([
      'c.id',
      'c.name',
      'c.format',
      'c.verdict',
      'c.problem_counts',
      'c.sealed_at',
      'c.size_bytes as chain_bytes',
      't.version',
      't.closed_bytes',
      't.closed_records',
      't.closed_lines',
      't.size_bytes',
      't.complete_bytes',
      't.opened_at',
      't.appenders',
      't.seal_key',
    ])
    .select(damageCount('c.id').as('damaged'))
    .execute();
}
export type GrowingChain = Awaited<ReturnType<typeof growingChains>>[number];

/** A place at the start of a line, from the start of the chain. */
export type Position = { bytes: number; records: number; lines: number };

export type GrownTail = {
  chainId: string;
  version: number;
  closed: Position;
  sizeBytes: number;
  completeBytes: number;
  check: SegmentCheck;
  openedAt: Date | null;
  appendedBy: { name: string; key: string } | null;
  appenders: readonly string[];
  lagBytes: number | null;
  /** All that is open is under our seals. */
  isSealed: boolean;
  pieces: { byteOffset: number; bytes: Buffer }[];
  verdict: StoredVerdict;
  problemCounts: ProblemCounts;
};

/** Writes what became of chains and their tails in four statements, however many they are. */
export async function writeTails(
  { db: tx, seals }: { db: Tx; seals: TailSeals },
  grown: readonly GrownTail[],
  now: Date,
): Promise<void> {
  const pieces = grown.flatMap(({ chainId, pieces: own }) =>
    own.map(({ byteOffset, bytes }) => sealedPiece(seals, { chain_id: chainId, byte_offset: byteOffset }, bytes)),
  );
  await insertAll(tx, 'tail_pieces', pieces);
  // In one order everywhere, or two that write the same chains wait for one another for ever.
  const rows = grown
    .toSorted((one, other) => (one.chainId < other.chainId ? -1 : 1))
    .map((tail) => tailRow(seals, tail, now));
  await tx
    .insertInto('tails')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('chain_id').doUpdateSet((eb) => ({
        version: eb.ref('excluded.version'),
        size_bytes: eb.ref('excluded.size_bytes'),
        complete_bytes: eb.ref('excluded.complete_bytes'),
        records: eb.ref('excluded.records'),
        result: eb.ref('excluded.result'),
        opened_at: eb.ref('excluded.opened_at'),
        appended_at: eb.ref('excluded.appended_at'),
        appended_by: eb.ref('excluded.appended_by'),
        appended_by_id: eb.ref('excluded.appended_by_id'),
        appenders: eb.ref('excluded.appenders'),
        lag_bytes: eb.ref('excluded.lag_bytes'),
        seal_key: eb.ref('excluded.seal_key'),
        seal: eb.ref('excluded.seal'),
      })),
    )
    .execute();
  await updateChains(tx, grown, now);
}

function tailRow(seals: TailSeals, tail: GrownTail, now: Date): Insertable<TailsTable> {
  const { check, closed, appendedBy } = tail;
  const extent = {
    chain_id: tail.chainId,
    version: tail.version,
    closed_bytes: closed.bytes,
    size_bytes: tail.sizeBytes,
    complete_bytes: tail.completeBytes,
  };
  return {
    ...extent,
    // Pieces from before there were seals have none: the next ones have when those are closed.
    seal_key: tail.isSealed ? seals.id : null,
    seal: tail.isSealed ? seals.ofTail(extent) : null,
    closed_records: closed.records,
    closed_lines: closed.lines,
    records: check.records,
    result: JSON.stringify(check),
    opened_at: tail.openedAt,
    appended_at: now,
    appended_by: appendedBy?.name ?? '',
    appended_by_id: appendedBy?.key ?? null,
    appenders: [...tail.appenders],
    lag_bytes: tail.lagBytes,
    loaded_bytes: closed.bytes,
    loaded_records: closed.records,
    loaded_lines: closed.lines,
  };
}

/** The figures of chains that have grown, in one statement. */
async function updateChains(tx: Tx, grown: readonly GrownTail[], now: Date): Promise<void> {
  const chains = grown.map(({ chainId, sizeBytes, check, verdict, problemCounts }) => ({
    id: chainId,
    size_bytes: sizeBytes,
    records: check.records,
    head: check.last?.hash ?? null,
    first_recorded_at: check.firstRecordedAt,
    last_recorded_at: check.lastRecordedAt,
    verdict,
    problem_counts: problemCounts,
  }));
  await sql`
    UPDATE chains SET size_bytes = v.size_bytes, records = v.records, head = v.head, first_recorded_at = v.first_recorded_at, last_recorded_at = v.last_recorded_at,
      verdict = v.verdict, problem_counts = v.problem_counts, verified_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(chains)}::jsonb)
      AS v (id uuid, size_bytes bigint, records bigint, head text, first_recorded_at text, last_recorded_at text, verdict text, problem_counts jsonb)
    WHERE chains.id = v.id`.execute(tx);
}

/** How far tails are in the lake: places at the start of a line. What another run brought further stays. */
export async function noteLoadedTails(tx: Tx, loaded: readonly { chainId: string; to: Position }[]): Promise<void> {
  await lockTails(tx, loaded);
  const rows = loaded.map(({ chainId, to }) => ({ chain_id: chainId, ...to }));
  await sql`
    UPDATE tails SET loaded_bytes = l.bytes, loaded_records = l.records, loaded_lines = l.lines
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS l (chain_id uuid, bytes bigint, records bigint, lines bigint)
    WHERE tails.chain_id = l.chain_id AND tails.loaded_bytes < l.bytes`.execute(tx);
}

/** Up to which record the rules have seen chains. What another run brought further stays. */
export async function noteSearchedTails(
  tx: Tx,
  searched: readonly { chainId: string; records: number }[],
): Promise<void> {
  await lockTails(tx, searched);
  const rows = searched.map(({ chainId, records }) => ({ chain_id: chainId, records }));
  await sql`
    UPDATE tails SET searched_records = s.records
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s (chain_id uuid, records bigint)
    WHERE tails.chain_id = s.chain_id AND tails.searched_records < s.records`.execute(tx);
}

/** Locks tails in one order everywhere, or two that write the same ones wait for one another for ever. */
async function lockTails(tx: Tx, tails: readonly { chainId: string }[]): Promise<void> {
  await sql`SELECT FROM tails WHERE chain_id = ANY(${tails.map(({ chainId }) => chainId)}::uuid[]) ORDER BY chain_id FOR UPDATE`.execute(
    tx,
  );
}

/** The next append goes on from the chain's segments as they are then. Nothing may be open. */
export async function forgetTail(tx: Tx, chainId: string): Promise<void> {
  await tx.deleteFrom('tail_problems').where('chain_id', '=', chainId).execute();
  await tx.deleteFrom('tails').where('chain_id', '=', chainId).execute();
}
