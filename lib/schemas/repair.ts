import * as z from 'zod';
import { Sha256 } from './common';

const Bytes = z.object({ bytes: z.number().int(), sha256: Sha256 });

/** What a repaired copy of a chain would leave out. Nothing is changed by asking. */
export const RepairPlan = z.object({
  chainId: z.uuid(),
  chain: z.string(),
  /** Whether there is anything to leave out. */
  needed: z.boolean(),
  /** From `byteOffset`, on the 1-based `line`, to the end; `sha256` of these bytes. Null when nothing is left out. */
  removed: Bytes.extend({ byteOffset: z.number().int(), line: z.number().int() }).nullable(),
  /** The log as it is in evidence. */
  original: Bytes,
  /** The copy; the original when nothing is left out. */
  repaired: Bytes,
  /** The same in words. */
  sentence: z.string(),
});
export type RepairPlan = z.infer<typeof RepairPlan>;
