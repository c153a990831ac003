import * as z from 'zod';
import { ALARM_KINDS } from '../core/chain/tail-alarm';
import { Instant } from './common';

/** What a forwarder reports of a log it follows. */
export const NewTailAlarm = z.object({
  /** The same however often it is reported. */
  id: z.uuid(),
  kind: z.enum(ALARM_KINDS),
  /** Byte of the chain. */
  at: z.number().int().min(0),
  detail: z.string().min(1).max(2_000),
  raisedAt: Instant,
});
export type NewTailAlarm = z.infer<typeof NewTailAlarm>;

export const TailAlarm = NewTailAlarm.extend({ receivedAt: Instant, receivedBy: z.string() });
export type TailAlarm = z.infer<typeof TailAlarm>;
export const TailAlarms = z.object({ items: z.array(TailAlarm) });
