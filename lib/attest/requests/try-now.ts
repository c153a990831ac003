import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { runRequest } from './run';

/** Tries a request. What keeps it from being signed stands in the request, and it waits; only what nobody foresaw is thrown. */
export async function tryNow(ctx: Context, requestId: string): Promise<void> {
  try {
    await runRequest(ctx, requestId);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.warn({ err: error, requestId }, 'not attested yet; it waits');
  }
}
