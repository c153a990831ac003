import { defineJob } from '@/lib/queue/job';
import { detectChain } from '@/lib/detect/detect-chain';

export const detect = defineJob({ kind: 'detect-chain', concurrency: 1, run: detectChain });
