import { availableParallelism } from 'node:os';
import { defineJob } from '@/lib/queue/job';
import { checkSegment } from '@/lib/verify/server/check-segment';

/** One more than there are threads to check on, so that the next is read meanwhile, and at most eight. */
const CONCURRENCY = Math.min(8, availableParallelism() + 1);

/** Keyed by segment digest and format: a rerun is a no-op. */
export const check = defineJob({ kind: 'check-segment', concurrency: CONCURRENCY, run: checkSegment });
