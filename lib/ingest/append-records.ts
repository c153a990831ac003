import 'server-only';
import { requireChainAllowed } from '../access/chain-limit';
import type { Context } from '../context';
import type { AppendReceipt } from '../schemas/appends';
import { perContext } from '../per-context';
import { createCommitter } from './append/committer';
import type { AppendRequest } from './append/request';

/** Appends of a process share commits. */
const committerOf = perContext('committer', createCommitter);

/**
 * Appends bytes to a chain; `via` names the way they came in, for the metrics. When it resolves they are durable, and checked against the chain they continue.
 * @throws AppError FORBIDDEN; CONFLICT at another end than the sender takes it to have, or sealed; KEY_REUSED, UNKNOWN_FORMAT, TOO_LARGE, BUSY,
 * STORAGE_FULL; then nothing of the append is part of the chain.
 */
export async function appendRecords(ctx: Context, request: AppendRequest, via = 'append'): Promise<AppendReceipt> {
  requireChainAllowed(request.actor, request.chain);
  const receipt = await committerOf(ctx).append(request);
  ctx.meter.accepted(via, { bytes: request.bytes.length, records: receipt.accepted, duplicates: receipt.duplicates });
  return receipt;
}
