import { defineJob } from '@/lib/queue/job';
import { followReferenceVerifier } from '@/lib/verify/server/follow-reference';

export const followReference = defineJob({ kind: 'follow-reference', concurrency: 1, run: followReferenceVerifier });
