import { detectTail } from '@/lib/detect/detect-tail';
import { defineJob } from '@/lib/queue/job';

export const detectOpen = defineJob({ kind: 'detect-tail', concurrency: 1, run: detectTail });
