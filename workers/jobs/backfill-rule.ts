import { backfillRule } from '@/lib/detect/backfill/backfill-rule';
import { defineJob } from '@/lib/queue/job';

export const backfill = defineJob({ kind: 'backfill-rule', concurrency: 1, run: backfillRule });
