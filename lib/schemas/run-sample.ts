import * as z from 'zod';
import { Instant, Sha256 } from './common';

const Count = z.number().int().min(0);

/** What was drawn of the records of a kept report, as `sample.json` has it; `sample.ndjson` has the lines in the same order, and `sample-proofs.ndjson` a proof of each. */
export const RunSample = z.object({
  /** Every line of the report's records in the order of its tables, each with a newline behind it. */
  population: z.object({ from: Instant, to: Instant, records: Count, sizeBytes: Count, sha256: Sha256 }),
  seed: z.string(),
  size: Count,
  /** In words. */
  method: z.string(),
  /** In the order of their ranks; all there are when the population is smaller. */
  records: z.array(
    z.object({
      /** SHA-256 of seed, newline and line. */
      rank: Sha256,
      /** Of the population, counted from 0. */
      line: Count,
      chainId: z.uuid(),
      chain: z.string(),
      ordinal: Count,
      recordedAt: Instant,
      /** Empty of one that lies in a file of what was open. */
      segmentSha256: z.string(),
      byteOffset: Count,
      byteLength: Count,
    }),
  ),
});
export type RunSample = z.infer<typeof RunSample>;

/** A line of `sample-proofs.ndjson`: that the record was in its chain when that was attested; null while no attestation that stands covers it. */
export const SampledProof = z.object({
  chainId: z.uuid(),
  ordinal: Count,
  proof: z.record(z.string(), z.unknown()).nullable(),
});
export type SampledProof = z.infer<typeof SampledProof>;
