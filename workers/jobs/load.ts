import { defineJob } from '@/lib/queue/job';
import { loadChain } from '@/lib/lake/load-chain';

export const load = defineJob({ kind: 'load-chain', concurrency: 1, run: loadChain });
