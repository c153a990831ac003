import * as z from 'zod';
import { MOST_SAMPLED, SEED_PATTERN } from '../core/sampling/draw';
import { RecordSample } from '../core/sampling/record-sample';
import { AFTER_FROM, Sha256 } from './common';
import { BOUNDS, Searched, isBounded, isPeriod } from './events';

const SampleAsked = Searched.extend({
  size: z.coerce.number().int().min(1).max(MOST_SAMPLED).default(25).describe('Records to draw.'),
  seed: z
    .string()
    .regex(SEED_PATTERN, 'is 1 to 128 letters, digits, dots, colons, dashes and underscores')
    .describe('Whoever is to believe the sample chooses it.'),
});
/** A sample of what a search finds: the same of the same records by the same seed. */
export const SampleQuery = SampleAsked.refine(isBounded, BOUNDS).refine(isPeriod, AFTER_FROM);
/** `population`: the SHA-256 that the population has to have. */
export const SampleFileQuery = SampleAsked.extend({ population: Sha256.optional() })
  .refine(isBounded, BOUNDS)
  .refine(isPeriod, AFTER_FROM);

/** How far it is, then what was drawn. */
export const SampleStep = z.union([
  z.object({ records: z.number().int(), sizeBytes: z.number().int() }),
  z.object({ sample: RecordSample }),
]);
export type SampleStep = z.infer<typeof SampleStep>;
