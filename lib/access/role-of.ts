import 'server-only';
import type { Role } from '../schemas/roles';
import { Role as RoleSchema } from '../schemas/settings';

/** The role a person was given; a word that is none of ours may do the least. */
export function roleOf(stored: unknown): Role {
  return RoleSchema.catch('auditor').parse(stored);
}

/** The word of who is no member of the default workspace; of another one there is no row for them. */
export const NO_MEMBER = 'none';

/** Whether somebody with this word as their role is a member of the workspace they were found in. */
export function isMember(stored: string | null): boolean {
  return stored !== NO_MEMBER;
}
