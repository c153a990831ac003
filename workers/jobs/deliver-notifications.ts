import { deliver } from '@/lib/notify/deliver';
import { defineJob } from '@/lib/queue/job';

/** Sends what is due to one destination. How that went stands in the rows of the messages; several destinations are sent to at once. */
export const deliverDue = defineJob({ kind: 'deliver-notifications', concurrency: 8, run: deliver });
