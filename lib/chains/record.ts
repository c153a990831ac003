import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';
import { requireChain } from '../db/chains';
import { problemsOf } from '../db/problems';
import { recordAt } from '../lake/query/page';
import type { RecordDetail } from '../schemas/chains';
import { readChainBytes } from './chain-bytes';

const MAX_RAW_BYTES = 1024 * 1024;
const MAX_FINDINGS = 50;

/** One record with its bytes as stored, and its hash computed afresh from them. @throws AppError NOT_FOUND. */
export async function getRecord(
  ctx: Context,
  { chainId, ordinal }: { chainId: string; ordinal: number },
): Promise<RecordDetail> {
  const chain = await requireChain(ctx.db, chainId);
  const row = await recordAt(ctx, chainId, ordinal);
  const held = row && (await readChainBytes(ctx, chainId, row.byteOffset, row.byteOffset + row.byteLength));
  if (!row || !held)
    throw new AppError('NOT_FOUND', 'the chain has no such record, or it is not loaded yet', {
      chainId,
      record: ordinal,
    });
  const { bytes, segmentDigest } = held;
  const checked = formatById(chain.format).check(bytes, ctx.hasher);
  const [problems, attested, findings] = await Promise.all([
    problemsOf(ctx.db, chainId, { records: { first: ordinal, last: ordinal }, limit: 100 }),
    attestedIn(ctx, chainId, ordinal),
    findingsOf(ctx, chainId, ordinal),
  ]);
  return {
    ...row,
    segmentDigest,
    raw: bytes.subarray(0, MAX_RAW_BYTES).toString('utf8'),
    prevHash: checked.kind === 'record' ? checked.prev : null,
    computedHash: checked.kind === 'record' ? checked.computed : null,
    problems: problems.map(({ n: _, ...problem }) => problem),
    attested,
    findings,
  };
}

/** Findings that list the record, newest first. */
async function findingsOf(ctx: Context, chainId: string, ordinal: number): Promise<RecordDetail['findings']> {
  return ctx.db
    .selectFrom('finding_chains as c')
    .innerJoin('findings as f', 'f.id', 'c.finding_id')
    .select(['f.id', 'f.title', 'f.level', 'f.status'])
    .where('c.chain_id', '=', chainId)
    .where(sql<boolean>`c.ordinals @> ${JSON.stringify([ordinal])}::jsonb`)
    .orderBy('f.id', 'desc')
    .limit(MAX_FINDINGS)
    .execute();
}

/** The newest attestation that stands and whose tree holds the record. */
async function attestedIn(ctx: Context, chainId: string, ordinal: number): Promise<RecordDetail['attested']> {
  const row = await ctx.db
    .selectFrom('attestations')
    .select(['id', 'signed_at', 'tree_size'])
    .where('chain_id', '=', chainId)
    .where('tree_size', '>', ordinal)
    .where('withdrawn_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { id: row.id, at: row.signed_at.toISOString(), treeSize: row.tree_size ?? 0 } : null;
}
