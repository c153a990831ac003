import 'server-only';
import { sql } from 'kysely';
import type { SegmentCheck } from '../core/chain/check';
import type { ProblemCounts } from '../core/chain/problem';
import type { ChainVerdict } from '../core/chain/verdict';
import type { Db, Tx } from './database';

/** Locks the chains of these names until the transaction ends, those that nobody else holds. Gives the names that are locked. */
export async function lockFree(tx: Tx, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM unnest(${names}::text[]) AS name WHERE pg_try_advisory_xact_lock(hashtextextended('chain:' || name, 0))`.execute(tx);
  return new Set(rows.map(({ name }) => name));
}

/** Chains by name with what is known of their tails; `version` is null for a chain that has none. */
export function growingChains(tx: Tx, names: readonly string[]) {
  return tx
    .selectFrom('chains as c')
    .leftJoin('tails as t', 't.chain_id', 'c.id')
    .where('c.name', 'in', names)
    .select(['c.id', 'c.name', 'c.format', 'c.verdict', 'c.problem_counts', 'c.sealed_at', 'c.size_bytes as chain_bytes', 't.version', 't.closed_bytes', 't.closed_records', 't.closed_lines', 't.size_bytes', 't.complete_bytes', 't.opened_at'])
    .execute();
}
export type GrowingChain = Awaited<ReturnType<typeof growingChains>>[number];

/** The check of a tail's complete lines, and the bytes behind them. */
export async function tailState(db: Db | Tx, chainId: string, completeBytes: number): Promise<{ check: SegmentCheck; pending: Buffer }> {
  const { result } = await db.selectFrom('tails').select('result').where('chain_id', '=', chainId).executeTakeFirstOrThrow();
  return { check: result, pending: await tailBytes(db, chainId, completeBytes) };
}

/** Bytes of the open segment from `from` on, counted from the start of the chain, up to `to`. */
export async function tailBytes(db: Db | Tx, chainId: string, from: number, to = Number.MAX_SAFE_INTEGER): Promise<Buffer> {
  const pieces = await db
    .selectFrom('tail_pieces')
    .select(['byte_offset', 'bytes'])
    .where('chain_id', '=', chainId)
    .where(sql<boolean>`byte_offset + octet_length(bytes) > ${from}::bigint`)
    .where('byte_offset', '<', to)
    .orderBy('byte_offset')
    .execute();
  return Buffer.concat(pieces.map(({ byte_offset: start, bytes }) => bytes.subarray(Math.max(0, from - start), Math.max(0, Math.min(bytes.length, to - start)))));
}

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
  appendedBy: string;
  lagBytes: number | null;
  pieces: { byteOffset: number; bytes: Buffer }[];
  verdict: ChainVerdict;
  problemCounts: ProblemCounts;
};

/** Writes what became of chains and their tails in four statements, however many they are. */
export async function writeTails(tx: Tx, grown: readonly GrownTail[], now: Date): Promise<void> {
  const pieces = grown.flatMap(({ chainId, pieces: own }) => own.map(({ byteOffset, bytes }) => ({ chain_id: chainId, byte_offset: byteOffset, bytes })));
  for (let at = 0; at < pieces.length; at += 1000) await tx.insertInto('tail_pieces').values(pieces.slice(at, at + 1000)).execute();
  const rows = grown.map(({ chainId, version, closed, sizeBytes, completeBytes, check, openedAt, appendedBy, lagBytes }) => ({
    chain_id: chainId,
    version,
    closed_bytes: closed.bytes,
    closed_records: closed.records,
    closed_lines: closed.lines,
    size_bytes: sizeBytes,
    complete_bytes: completeBytes,
    records: check.records,
    result: JSON.stringify(check),
    opened_at: openedAt,
    appended_at: now,
    appended_by: appendedBy,
    lag_bytes: lagBytes,
    loaded_bytes: closed.bytes,
    loaded_records: closed.records,
    loaded_lines: closed.lines,
  }));
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
        lag_bytes: eb.ref('excluded.lag_bytes'),
      })),
    )
    .execute();
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

/** The next append goes on from the chain's segments as they are then. Nothing may be open. */
export async function forgetTail(tx: Tx, chainId: string): Promise<void> {
  await tx.deleteFrom('tail_problems').where('chain_id', '=', chainId).execute();
  await tx.deleteFrom('tails').where('chain_id', '=', chainId).execute();
}
