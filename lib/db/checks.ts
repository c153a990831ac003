import 'server-only';
import type { SegmentCheck } from '../core/chain/check';
import type { FormatId } from '../core/chain/format';
import type { Problem } from '../core/chain/problem';
import type { Verdict } from '../core/chain/verdict';
import type { Db, Tx } from './database';
import { insertAll } from './insert-all';

/** The check of a segment by this engine, if it was done. */
export async function checkOf(
  db: Db | Tx,
  digest: string,
  format: FormatId,
  engine: number,
): Promise<SegmentCheck | null> {
  const row = await db
    .selectFrom('segment_checks')
    .select('result')
    .where('digest', '=', digest)
    .where('format', '=', format)
    .where('engine', '=', engine)
    .executeTakeFirst();
  return row?.result ?? null;
}

/** Stores a check with all its problems, in place of an older engine's. */
export async function storeCheck(
  tx: Tx,
  digest: string,
  format: FormatId,
  engine: number,
  verdict: Verdict,
  check: SegmentCheck,
  problems: readonly Problem[],
): Promise<void> {
  await tx.deleteFrom('segment_problems').where('digest', '=', digest).where('format', '=', format).execute();
  const rows = problems.map((problem, n) => ({ digest, format, ...problemRow(problem, n) }));
  await insertAll(tx, 'segment_problems', rows);
  const values = { engine, verdict, result: JSON.stringify(check), checked_at: new Date() };
  await tx
    .insertInto('segment_checks')
    .values({ digest, format, ...values })
    .onConflict((conflict) => conflict.columns(['digest', 'format']).doUpdateSet(values))
    .execute();
}

export async function replaceBoundaryProblems(tx: Tx, chainId: string, problems: readonly Problem[]): Promise<void> {
  await tx.deleteFrom('boundary_problems').where('chain_id', '=', chainId).execute();
  const rows = problems.map((problem, n) => ({ chain_id: chainId, ...problemRow(problem, n) }));
  await insertAll(tx, 'boundary_problems', rows);
}

function problemRow(
  { code, severity, record, line, byteOffset, byteLength, expected, found, message }: Problem,
  n: number,
) {
  return {
    n,
    code,
    severity,
    record,
    line,
    byte_offset: byteOffset,
    byte_length: byteLength,
    expected,
    found,
    message,
  };
}
