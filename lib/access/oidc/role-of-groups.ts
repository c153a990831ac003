import type { GroupRole } from '../../config/oidc-env';
import { ROLES, type Role } from '../../schemas/roles';

/** The role that does most of those the groups have; null when none has one. Names are compared as they are, and `*` is everybody's. */
export function roleOfGroups(groups: readonly string[], mapping: readonly GroupRole[]): Role | null {
  const theirs = new Set([...groups.filter((group) => group !== '*'), '*']);
  const given = new Set(mapping.filter(({ group }) => theirs.has(group)).map(({ role }) => role));
  return ROLES.find((role) => given.has(role)) ?? null;
}
