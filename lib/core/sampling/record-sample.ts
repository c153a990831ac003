import * as z from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What was drawn of what, as it is handed over. */
export const RecordSample = z.object({
  population: z.object({
    /** The search that finds it, with its bounds. */
    q: z.string(),
    from: z.iso.datetime().nullable(),
    to: z.iso.datetime().nullable(),
    chainId: z.uuid().nullable(),
    records: z.number().int(),
    /** Of its lines as one file, each with a newline behind it, as `/api/v1/events.ndjson` gives them. */
    sizeBytes: z.number().int(),
    sha256: Sha256,
  }),
  seed: z.string(),
  size: z.number().int(),
  /** In words. */
  method: z.string(),
  /** Those drawn, in the order of their ranks; all there are when the population is smaller. */
  records: z.array(
    z.object({
      /** SHA-256 of seed, newline and line. */
      rank: Sha256,
      /** Of the population, counted from 0. */
      line: z.number().int(),
      chainId: z.uuid(),
      chain: z.string(),
      ordinal: z.number().int(),
      recordedAt: z.string().nullable(),
    }),
  ),
});
export type RecordSample = z.infer<typeof RecordSample>;
