import { defineJob } from '@/lib/queue/job';
import { checkSegment } from '@/lib/verify/check-segment';

/** Keyed by segment digest and format: a rerun is a no-op. */
export const check = defineJob({ kind: 'check-segment', concurrency: 2, run: checkSegment });
