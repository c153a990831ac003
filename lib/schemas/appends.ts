import * as z from 'zod';
import { Problem } from './chains';
import { ChainVerdict, FormatId } from './common';

/** What became of an append. Everything accepted is durable. */
export const AppendReceipt = z.object({
  chainId: z.uuid(),
  chain: z.string(),
  format: FormatId,
  /** Complete lines that were stored, blank ones left out. */
  accepted: z.number().int(),
  /** Lines at the beginning that the chain ended in already; not stored again. */
  duplicates: z.number().int(),
  /** Bytes of the chain: where the next append begins. */
  offset: z.number().int(),
  /** Bytes at the end that wait for their newline. */
  pendingBytes: z.number().int(),
  records: z.number().int(),
  head: z.string().nullable(),
  /** Of the chain with this append, as far as its new records and the heads seen before show. */
  verdict: ChainVerdict,
  /** Found in this append, the first 100. */
  problems: z.array(Problem),
});
export type AppendReceipt = z.infer<typeof AppendReceipt>;

/** What became of lines a log shipper sent. */
export const ShipperReceipt = AppendReceipt.extend({
  /** What to change in the shipper, in sentences. */
  notes: z.array(z.string()),
});

/** A chain that accepts no more records. */
export const Seal = z.object({
  chainId: z.uuid(),
  sealedAt: z.iso.datetime(),
  sealedBy: z.string(),
  records: z.number().int(),
  bytes: z.number().int(),
  head: z.string().nullable(),
});
