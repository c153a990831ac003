import 'server-only';
import { AppError } from '../core/errors';
import { OWN_CHAIN } from '../core/own-chain';
import type { FormatId } from '../core/chain/format';
import type { Db, Tx } from './database';
import { insertAll } from './insert-all';
import { tryFailuresNow } from './job-failures';
import type { ChainSegmentsTable } from './schema';

/** @throws AppError NOT_FOUND. */
export async function requireChain(db: Db | Tx, chainId: string) {
  const chain = await db.selectFrom('chains').selectAll().where('id', '=', chainId).executeTakeFirst();
  if (!chain) throw new AppError('NOT_FOUND', 'no chain has this id', { chainId });
  return chain;
}

/** The chain's segments in order. */
export function segmentsOf(db: Db | Tx, chainId: string) {
  return db.selectFrom('chain_segments').selectAll().where('chain_id', '=', chainId).orderBy('index').execute();
}

/** A name's chain, made when there is none. The caller holds the chain's lock. */
export async function chainNamed(tx: Tx, name: string, format: FormatId) {
  const found = await tx.selectFrom('chains').selectAll().where('name', '=', name).executeTakeFirst();
  if (found) return found;
  return tx
    .insertInto('chains')
    .values({
      ...(name === OWN_CHAIN.name && { id: OWN_CHAIN.id }),
      name,
      format,
      generation: 0,
      records: 0,
      size_bytes: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Makes `segments` the chain's content: a new generation, pending until checked. */
export async function replaceSegments(
  tx: Tx,
  chainId: string,
  segments: Pick<ChainSegmentsTable, 'digest' | 'upload_id' | 'size_bytes' | 'records' | 'lines'>[],
) {
  const before = await segmentsOf(tx, chainId);
  let byteOffset = 0;
  let firstRecord = 0;
  let firstLine = 0;
  const rows = segments.map((segment, index) => {
    // A segment that stays where it was keeps what was derived for it.
    const kept =
      before[index]?.digest === segment.digest && before[index].byte_offset === byteOffset ? before[index] : null;
    const row = {
      chain_id: chainId,
      index,
      ...segment,
      byte_offset: byteOffset,
      first_record: firstRecord,
      first_line: firstLine,
      loaded_generation: kept?.loaded_generation ?? null,
    };
    byteOffset += segment.size_bytes;
    firstRecord += segment.records;
    firstLine += segment.lines;
    return row;
  });
  await tx.deleteFrom('chain_segments').where('chain_id', '=', chainId).execute();
  await insertAll(tx, 'chain_segments', rows);
  await tryFailuresNow(tx, new Date(), { chainId });
  return tx
    .updateTable('chains')
    .set((eb) => ({
      generation: eb('generation', '+', 1),
      verdict: 'pending',
      reference_verifier: null,
      records: firstRecord,
      size_bytes: byteOffset,
      updated_at: new Date(),
    }))
    .where('id', '=', chainId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Puts segments at the end of the chain: a new generation to check, whose figures the appends have brought up to date already. */
export async function appendSegments(
  tx: Tx,
  chainId: string,
  segments: readonly Pick<ChainSegmentsTable, 'digest' | 'upload_id' | 'size_bytes' | 'records' | 'lines'>[],
): Promise<void> {
  const last = await tx
    .selectFrom('chain_segments')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst();
  let [index, byteOffset, firstRecord, firstLine] = last
    ? [
        last.index + 1,
        last.byte_offset + last.size_bytes,
        last.first_record + last.records,
        last.first_line + last.lines,
      ]
    : [0, 0, 0, 0];
  for (const segment of segments) {
    await tx
      .insertInto('chain_segments')
      .values({
        chain_id: chainId,
        index,
        ...segment,
        byte_offset: byteOffset,
        first_record: firstRecord,
        first_line: firstLine,
        loaded_generation: null,
      })
      .execute();
    index += 1;
    byteOffset += segment.size_bytes;
    firstRecord += segment.records;
    firstLine += segment.lines;
  }
  await tryFailuresNow(tx, new Date(), { chainId });
  await tx
    .updateTable('chains')
    .set((eb) => ({ generation: eb('generation', '+', 1), reference_verifier: null, updated_at: new Date() }))
    .where('id', '=', chainId)
    .execute();
}
