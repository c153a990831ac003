import { loadTail } from '@/lib/lake/load-tail';
import { defineJob } from '@/lib/queue/job';

export const loadOpen = defineJob({ kind: 'load-tail', concurrency: 1, run: loadTail });
