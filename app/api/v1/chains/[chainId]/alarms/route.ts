import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { chainName } from '@/lib/ingest/chain-name';
import { recordAlarm } from '@/lib/ingest/note-alarm';
import { tailAlarms } from '@/lib/chains/tail-alarms';
import { ChainName } from '@/lib/schemas/chains';
import { NewTailAlarm, TailAlarms } from '@/lib/schemas/tail-alarms';

export const GET = handler(
  {
    summary: 'What forwarders saw happen to the log, newest first, at most 20.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    response: TailAlarms,
  },
  async ({ ctx, params }) => ({ items: await tailAlarms(ctx, params) }),
);

/** Keeps an alarm of a forwarder for the chain of this id or name. 204, also when it was told before. */
export const POST = handler(
  {
    summary: 'Keeps an alarm of a forwarder for the chain of this id or name, once however often it is sent.',
    access: 'ingest',
    params: z.object({ chainId: ChainName }),
    body: NewTailAlarm,
  },
  async ({ ctx, actor, params, body }) =>
    recordAlarm(ctx, { chain: await chainName(ctx, params.chainId), alarm: body, actor }),
);
