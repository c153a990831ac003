import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { TrustInfo } from '../schemas/trust';
import { listKeys } from './keys';
import { verifierKey } from './log/identity';
import { publishedCheckpoint } from './log/serve';
import { currentSigner, trustSourceOf } from './signers';
import { ownTrustedRoot } from './trust';

/** By what our signatures are to be checked: keys, trusted root, log. Anyone may know it. */
export async function getTrustInfo(ctx: Context): Promise<TrustInfo> {
  const [keys, trustedRoot, key, checkpoint, signer] = await Promise.all([
    listKeys(ctx),
    ownTrustedRoot(ctx),
    verifierKey(ctx),
    publishedCheckpoint(ctx),
    signerOf(ctx),
  ]);
  return {
    url: ctx.env.workspaceUrl,
    signer,
    keys,
    hasTrustedRoot: trustedRoot !== null,
    log: key === null ? null : await logOf(ctx, key, checkpoint),
  };
}

/** The trusted root we sign under. @throws AppError NOT_FOUND when none is configured, SIGNING_UNAVAILABLE. */
export async function getTrustedRoot(ctx: Context): Promise<unknown> {
  const root = await trustSourceOf(ctx).trustedRoot();
  if (root === null)
    throw new AppError('NOT_FOUND', 'no trusted root is configured: signatures here are by keys alone');
  return root;
}

/** Null while the signer cannot be reached: what was signed can be checked all the same. */
async function signerOf(ctx: Context): Promise<TrustInfo['signer']> {
  try {
    const { name, keyHint, algorithm } = await currentSigner(ctx);
    return { name, keyHint, algorithm };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.warn({ err: error }, 'the signer is not reachable');
    return null;
  }
}

async function logOf(
  ctx: Context,
  key: string,
  checkpoint: { size: number; note: string } | null,
): Promise<TrustInfo['log']> {
  const [identity, signed, { entries }, witnesses] = await Promise.all([
    ctx.db.selectFrom('log_identity').select('origin').executeTakeFirstOrThrow(),
    ctx.db.selectFrom('log_checkpoints').select('signed_at').orderBy('size', 'desc').limit(1).executeTakeFirst(),
    ctx.db
      .selectFrom('log_entries')
      .select(({ fn }) => fn.countAll<number>().as('entries'))
      .executeTakeFirstOrThrow(),
    ctx.db.selectFrom('log_witnesses').selectAll().execute(),
  ]);
  const size = checkpoint?.size ?? 0;
  return {
    origin: identity.origin,
    verifierKey: key,
    size,
    waiting: Math.max(0, Number(entries) - size),
    checkpoint: checkpoint?.note ?? null,
    signedAt: signed?.signed_at.toISOString() ?? null,
    witnesses: ctx.env.witnesses.map(({ key: { name }, verifierKey: id, url }) => {
      const row = witnesses.find((witness) => witness.verifier_key === id);
      return {
        name,
        url,
        size: row?.size ?? 0,
        cosignedAt: row?.cosigned_at?.toISOString() ?? null,
        failure: row?.failure ?? null,
      };
    }),
  };
}
