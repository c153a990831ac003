import 'server-only';
import type { Context } from '../context';
import type { TailAlarm } from '../schemas/tail-alarms';

const SHOWN = 20;

/** What forwarders saw happen to the log of a chain, newest first, at most 20. */
export async function tailAlarms(ctx: Context, { chainId }: { chainId: string }): Promise<TailAlarm[]> {
  const rows = await ctx.db
    .selectFrom('tail_alarms')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('received_at', 'desc')
    .orderBy('id')
    .limit(SHOWN)
    .execute();
  return rows.map(
    ({ id, kind, at_byte: at, detail, raised_at: raisedAt, received_at: receivedAt, received_by: receivedBy }) => ({
      id,
      kind,
      at,
      detail,
      raisedAt: raisedAt.toISOString(),
      receivedAt: receivedAt.toISOString(),
      receivedBy,
    }),
  );
}
