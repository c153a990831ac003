import 'server-only';
import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { SegmentCheck } from '../core/chain/check';
import { AppError } from '../core/errors';
import type { Db, Tx } from './database';
import { type TailSeals, isSame } from './tail-seal';
import type { TailsTable } from './tail-tables';

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
