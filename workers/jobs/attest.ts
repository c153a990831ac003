import { attestGeneration } from '@/lib/attest/attest-generation';
import { defineJob } from '@/lib/queue/job';

/** Signs each state of a chain that its policy asks for, once: a rerun finds it signed. */
export const attest = defineJob({ kind: 'attest-chain', concurrency: 1, run: attestGeneration });
