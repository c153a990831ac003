import { publishLog } from '@/lib/attest/log/publish-log';
import { defineJob } from '@/lib/queue/job';

/** Signs the head of the transparency log: a rerun finds it signed. */
export const publish = defineJob({ kind: 'publish-log', concurrency: 1, run: publishLog });
