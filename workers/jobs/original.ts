import { defineJob } from '@/lib/queue/job';
import { followOriginal } from '@/lib/verify/server/follow-original';

export const original = defineJob({ kind: 'follow-original', concurrency: 1, run: followOriginal });
