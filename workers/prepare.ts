import { prepareFirstRun } from '@/lib/access/first-run';
import { closeContext, composeContext } from '@/lib/compose';
import { readEnv } from '@/lib/config/env';

// Short-lived: brings the schema up to date and sees to the first administrator, says so and leaves.
const ctx = await composeContext(readEnv(), 'cli');
const { setupUrl } = await prepareFirstRun(ctx);
await closeContext(ctx);
process.send?.({ type: 'ready', setupUrl }, () => process.disconnect());
