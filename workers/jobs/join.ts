import { defineJob } from '@/lib/queue/job';
import { joinChain } from '@/lib/verify/server/join-chain';

export const join = defineJob({ kind: 'join-chain', concurrency: 1, run: joinChain });
