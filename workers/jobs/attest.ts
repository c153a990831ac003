import { attestGeneration } from '@/lib/attest/attest-chain';
import { defineJob } from '@/lib/queue/job';

/** Signs each state of a chain once: a rerun finds it signed. */
export const attest = defineJob({ kind: 'attest-chain', concurrency: 1, run: attestGeneration });
