import 'server-only';
import type { Context } from '../context';
import type { AppendReceipt } from '../schemas/appends';
import { type Committer, createCommitter } from './append/committer';
import type { AppendRequest } from './append/request';

/** One committer a process and context: routes may be bundled apart, and appends share commits all the same. */
const shared = globalThis as { sealtrailCommitters?: WeakMap<Context, Committer> };

export function committerOf(ctx: Context): Committer {
  shared.sealtrailCommitters ??= new WeakMap();
  const known = shared.sealtrailCommitters.get(ctx);
  if (known) return known;
  const made = createCommitter(ctx);
  shared.sealtrailCommitters.set(ctx, made);
  return made;
}

/**
 * Appends bytes to a chain. When it resolves they are durable, and checked against the chain they continue.
 * @throws AppError CONFLICT at another end than the sender takes it to have, or sealed; KEY_REUSED, UNKNOWN_FORMAT, TOO_LARGE, BUSY,
 * STORAGE_FULL; then nothing of the append is part of the chain.
 */
export function appendRecords(ctx: Context, request: AppendRequest): Promise<AppendReceipt> {
  return committerOf(ctx).append(request);
}
