/** Longer ids have no page of their own: no address is as long. */
export const MAX_SESSION_ID = 16_384;

/**
 * The id of a session or a run as an address has it: percent-encoded, and behind a `~` where it begins with one, or is `.` or `..`, which no
 * address can hold. Null for one that is too long.
 */
export function sessionSegment(id: string): string | null {
  if (id === '' || id.length > MAX_SESSION_ID) return null;
  return encodeURIComponent(id === '.' || id === '..' || id.startsWith('~') ? `~${id}` : id);
}

/** Page of a session, at one of its records; null where it has none. */
export function sessionHref(id: string, step?: { chainId: string; ordinal: number }): string | null {
  const segment = sessionSegment(id);
  return segment && `/sessions/${segment}${step ? `?step=${step.chainId}:${step.ordinal}` : ''}`;
}
