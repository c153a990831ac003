/**
 * The chain of what is done here, which nobody but Sealtrail writes to. Its id is the same in every installation, and earlier than any that is made, so that
 * PostgreSQL, the lake and code tell it from the chains of guardrails without asking one another.
 */
export const OWN_CHAIN = {
  id: '00000000-0000-8000-8000-00005ea17a11',
  name: 'sealtrail/activity',
  format: 'sealtrail-activity',
} as const;

/** However the letters of the id are written: PostgreSQL takes them all. */
export function isOwnChain(chainId: string | null): boolean {
  return chainId?.toLowerCase() === OWN_CHAIN.id;
}
