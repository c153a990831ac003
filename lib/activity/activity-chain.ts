import 'server-only';
import { getChain } from '../chains/chains';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { OWN_CHAIN } from '../core/own-chain';
import { activityState } from '../db/activity-state';
import type { ChainDetail } from '../schemas/chains';

/** The chain of actions in evidence, null before anything was carried there; and how many actions wait to be. */
export async function activityChain(ctx: Context): Promise<{ chain: ChainDetail | null; waiting: number }> {
  const [chain, { waiting }] = await Promise.all([chainInEvidence(ctx), activityState(ctx.db)]);
  return { chain, waiting };
}

async function chainInEvidence(ctx: Context): Promise<ChainDetail | null> {
  try {
    return await getChain(ctx, { chainId: OWN_CHAIN.id });
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
