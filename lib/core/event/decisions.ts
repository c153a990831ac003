/** What can be decided of what an agent wants to do. */
export const DECISIONS = ['allow', 'deny', 'ask', 'transform', 'local', 'error', 'info'] as const;
export type Decision = (typeof DECISIONS)[number];
