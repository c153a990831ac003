import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { proveInclusion, rootHash } from '../../core/merkle/prove';
import { RECORD_PROOF_MEDIA_TYPE, type RecordProof } from '../../core/merkle/record-proof';
import { requireChain } from '../../db/chains';
import { readObject } from '../../evidence/store';
import { logProof } from '../log/log-proof';
import { chainCheckpoint } from './chain-checkpoint';
import { type ChainTree, openChainTree } from './chain-tree';

/** Attested heads looked at, newest first: older ones may be of records that were replaced since. */
const MOST_HEADS = 20;

/**
 * Proves that a record was in its chain when the newest head that covers it was attested, with the bundle that says so.
 * @throws AppError NOT_FOUND, CONFLICT when no attestation that stands covers the record, EVIDENCE_MISSING.
 */
export async function proveRecord(
  ctx: Context,
  { chainId, ordinal }: { chainId: string; ordinal: number },
): Promise<{ chain: string; proof: RecordProof }> {
  const chain = await requireChain(ctx.db, chainId);
  if (ordinal >= chain.records)
    throw new AppError('NOT_FOUND', 'the chain has no such record', { chainId, record: ordinal });
  const attested = await ctx.db
    .selectFrom('attestations')
    .select(['id', 'tree_size', 'tree_root', 'bundle_digest', 'bundle_size_bytes'])
    .where('chain_id', '=', chainId)
    .where('tree_size', '>', ordinal)
    .where('withdrawn_at', 'is', null)
    // The head of an attestation of some records covers all of the chain: one that speaks of this record says more.
    .orderBy(
      sql`scope->>'kind' = 'chain' OR (scope->>'kind' = 'range' AND ${ordinal}::bigint BETWEEN first_record AND last_record)`,
      'desc',
    )
    .orderBy('generation', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_HEADS)
    .execute();
  const heads = attested.flatMap(({ tree_size: size, tree_root: root, ...rest }) =>
    size === null || root === null ? [] : [{ ...rest, head: { size, rootHash: root } }],
  );
  const tree = heads.length > 0 ? await openChainTree(ctx, chainId) : null;
  const standing = tree && (await firstStanding(tree, heads));
  if (!tree || !standing) throw notAttested(chainId, ordinal, chain.sealed_at !== null);
  const { head, id, bundle_digest: bundleSha256, bundle_size_bytes: bundleBytes } = standing;
  const bundle: Record<string, unknown> = JSON.parse(
    (await readObject(ctx.evidence, bundleSha256, { from: 0, to: bundleBytes })).toString('utf8'),
  );
  const proof: RecordProof = {
    mediaType: RECORD_PROOF_MEDIA_TYPE,
    record: { ordinal, line: await tree.lineOf(ordinal) },
    tree: head,
    hashes: (await proveInclusion(tree.source, { index: ordinal, size: head.size })).map((hash) =>
      Uint8Array.from(hash),
    ),
    checkpoint: await chainCheckpoint(ctx, chainId, head),
    bundle,
    log: await published(ctx, id, bundleSha256),
  };
  return { chain: chain.name, proof };
}

type Head = { id: string; bundle_digest: string; bundle_size_bytes: number; head: { size: number; rootHash: string } };

async function firstStanding(tree: ChainTree, heads: readonly Head[]): Promise<Head | null> {
  for (const one of heads) {
    if (
      one.head.size <= tree.size &&
      Buffer.from(await rootHash(tree.source, one.head.size)).toString('hex') === one.head.rootHash
    )
      return one;
  }
  return null;
}

async function published(ctx: Context, attestationId: string, bundleSha256: string): Promise<RecordProof['log']> {
  const log = await logProof(ctx, { attestationId, bundleSha256 });
  return log && { entry: Uint8Array.from(log.entry), proof: log.proof };
}

function notAttested(chainId: string, record: number, sealed: boolean): AppError {
  const how = sealed
    ? 'ask for an attestation of the chain'
    : 'seal the chain, close its open segment or wait until that is closed, and ask for an attestation';
  return new AppError(
    'CONFLICT',
    `no signed attestation that stands covers this record yet: ${how} (POST /api/v1/chains/${chainId}/attestations), then prove the record`,
    { chainId, record },
  );
}
