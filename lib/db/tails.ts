import 'server-only';
import { createHash } from 'node:crypto';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { SegmentCheck } from '../core/chain/check';
import type { ProblemCounts } from '../core/chain/problem';
import type { StoredVerdict } from '../core/chain/verdict';
import { AppError } from '../core/errors';
import type { Db, Tx } from './database';
import { insertAll } from './insert-all';
import { damageCount } from './evidence-damage';
import type { TailsTable } from './tail-tables';
import { type TailSeals, isSame, sealedPiece } from './tail-seal';

/** Locks the chains of these names until the transaction ends, those that nobody else holds. Gives the names that are locked. */
export async function lockFree(tx: Tx, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{
    name: string;
  }>`SELECT name FROM unnest(${names}::text[]) AS name WHERE pg_try_advisory_xact_lock(hashtextextended('chain:' || name, 0))`.execute(
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

/** The check of a tail's complete lines, and the bytes behind them. @throws AppError EVIDENCE_ALTERED. */
export async function tailState(
  reader: TailReader,
  chainId: string,
  completeBytes: number,
): Promise<{ check: SegmentCheck; pending: Buffer }> {
  const { result } = await reader.db
    .selectFrom('tails')
    .select('result')
    .where('chain_id', '=', chainId)
    .executeTakeFirstOrThrow();
  return { check: result, pending: await tailBytes(reader, chainId, completeBytes) };
}

export type TailReader = { db: Db | Tx; seals: TailSeals };

/** Bytes of an open segment from `from` on, counted from the start of the chain, up to `to`. */
export type TailPart = { chainId: string; from: number; to: number };

/**
 * Bytes of the open segment from `from` on, counted from the start of the chain, up to `to`: those there are. None when that is closed already.
 * Each piece is compared with its digest and its seal, and none may be missing between. @throws AppError EVIDENCE_ALTERED.
 */
export async function tailBytes(
  reader: TailReader,
  chainId: string,
  from: number,
  to = Number.MAX_SAFE_INTEGER,
): Promise<Buffer> {
  const bytes = (await tailParts(reader, [{ chainId, from, to }])).get(chainId);
  if (bytes instanceof AppError) throw bytes;
  return bytes ?? Buffer.alloc(0);
}

/** The same of several chains, in one statement: by chain its bytes, or what is wrong with them. A chain that has no tail is left out. */
export async function tailParts(
  { db, seals }: TailReader,
  parts: readonly TailPart[],
): Promise<Map<string, Buffer | AppError>> {
  const wanted = sql<{
    chain_id: string;
    from_byte: number;
    to_byte: number;
  }>`unnest(${parts.map(({ chainId }) => chainId)}::uuid[], ${parts.map(({ from }) => from)}::bigint[], ${parts.map(({ to }) => to)}::bigint[])`;
  // One statement sees one state: pieces of a tail that is closed meanwhile are not compared with what is left of it.
  const rows = await db
    .selectFrom(wanted.as<'w'>(sql`w (chain_id, from_byte, to_byte)`))
    .innerJoin('tails as t', 't.chain_id', 'w.chain_id')
    .leftJoin('tail_pieces as p', (join) =>
      join
        .onRef('p.chain_id', '=', 't.chain_id')
        .on(sql<boolean>`p.byte_offset + octet_length(p.bytes) > w.from_byte`)
        .onRef('p.byte_offset', '<', 'w.to_byte'),
    )
    .select([
      't.chain_id',
      't.version',
      't.closed_bytes',
      't.size_bytes',
      't.complete_bytes',
      't.seal_key',
      't.seal as tail_seal',
      'p.byte_offset',
      'p.bytes',
      'p.sha256',
      'p.seal',
    ])
    .orderBy('t.chain_id')
    .orderBy('p.byte_offset')
    .execute();
  const byChain = Map.groupBy(rows, ({ chain_id: chainId }) => chainId);
  const found = new Map<string, Buffer | AppError>();
  for (const part of parts) {
    const own = byChain.get(part.chainId);
    if (own) found.set(part.chainId, provenPart(seals, part, own));
  }
  return found;
}

type PieceRow = Pick<
  Selectable<TailsTable>,
  'chain_id' | 'version' | 'closed_bytes' | 'size_bytes' | 'complete_bytes' | 'seal_key'
> & {
  tail_seal: Buffer | null;
  byte_offset: number | null;
  bytes: Buffer | null;
  sha256: Buffer | null;
  seal: Buffer | null;
};

/** The bytes of a part, from the pieces of its tail by place, each compared; or what is wrong with them. */
function provenPart(seals: TailSeals, { chainId, from, to }: TailPart, rows: readonly PieceRow[]): Buffer | AppError {
  const [tail] = rows;
  if (!tail || from < tail.closed_bytes) return Buffer.alloc(0);
  const isSealed = tail.seal_key === seals.id;
  if (isSealed && !isSame(tail.tail_seal, seals.ofTail(tail)))
    return altered(seals, chainId, 'how far it reaches is not what was accepted');
  const parts: Buffer[] = [];
  const end = Math.min(to, tail.size_bytes);
  let at = from;
  for (const { byte_offset: start, bytes, sha256, seal } of rows) {
    if (start === null || bytes === null || sha256 === null) break;
    if (start > at) break;
    if (!isSame(sha256, createHash('sha256').update(bytes).digest()))
      return altered(seals, chainId, `its bytes from ${start} on are not what was accepted`);
    if (isSealed && !isSame(seal, seals.ofPiece({ chain_id: chainId, byte_offset: start }, sha256)))
      return altered(seals, chainId, `its bytes from ${start} on are not what was accepted`);
    const part = bytes.subarray(at - start, Math.max(0, Math.min(bytes.length, to - start)));
    parts.push(part);
    at += part.length;
  }
  if (at < end) return altered(seals, chainId, `its bytes from ${at} on are gone`);
  return Buffer.concat(parts);
}

function altered(seals: TailSeals, chainId: string, what: string): AppError {
  seals.altered(chainId);
  return new AppError(
    'EVIDENCE_ALTERED',
    `the open segment of the chain is not what was accepted: ${what}. Nothing is made from it until that is back`,
    { chainId },
  );
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
  const rows = loaded.map(({ chainId, to }) => ({ chain_id: chainId, ...to }));
  // Locked in one order everywhere, or two that load the same chains wait for one another for ever.
  await sql`
    WITH loaded AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS l (chain_id uuid, bytes bigint, records bigint, lines bigint)
    ), locked AS MATERIALIZED (
      SELECT t.chain_id FROM tails t JOIN loaded l USING (chain_id) WHERE t.loaded_bytes < l.bytes ORDER BY t.chain_id FOR UPDATE OF t
    )
    UPDATE tails t SET loaded_bytes = l.bytes, loaded_records = l.records, loaded_lines = l.lines
    FROM loaded l JOIN locked USING (chain_id) WHERE t.chain_id = l.chain_id AND t.loaded_bytes < l.bytes`.execute(tx);
}

/** Up to which record the rules have seen chains. What another run brought further stays. */
export async function noteSearchedTails(
  db: Db,
  searched: readonly { chainId: string; records: number }[],
): Promise<void> {
  const rows = searched.map(({ chainId, records }) => ({ chain_id: chainId, records }));
  await sql`
    WITH searched AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s (chain_id uuid, records bigint)
    ), locked AS MATERIALIZED (
      SELECT t.chain_id FROM tails t JOIN searched s USING (chain_id) WHERE t.searched_records < s.records ORDER BY t.chain_id FOR UPDATE OF t
    )
    UPDATE tails t SET searched_records = s.records
    FROM searched s JOIN locked USING (chain_id) WHERE t.chain_id = s.chain_id AND t.searched_records < s.records`.execute(
    db,
  );
}

/** The next append goes on from the chain's segments as they are then. Nothing may be open. */
export async function forgetTail(tx: Tx, chainId: string): Promise<void> {
  await tx.deleteFrom('tail_problems').where('chain_id', '=', chainId).execute();
  await tx.deleteFrom('tails').where('chain_id', '=', chainId).execute();
}
