import 'server-only';
import { writeFolds } from '../audit/fold';
import { writePending } from '../audit/write-pending';
import type { Context } from '../context';

/** Makes what was counted, and what was left by those who came to it by themselves, lines of the chain. Meant to run every second. */
export async function writeCounted(ctx: Context): Promise<void> {
  await writeFolds(ctx.db, ctx.now());
  await writePending(ctx.db);
}
