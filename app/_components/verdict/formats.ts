import type { FormatId } from '@/lib/core/chain/format';

/** Names of the tools as people know them. */
export const FORMAT_LABEL: Record<FormatId, string> = { occasio: 'Occasio', arbiter: 'Arbiter', nono: 'nono', agentfence: 'AgentFence', vouch: 'vouch' };
