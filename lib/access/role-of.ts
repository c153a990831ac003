import 'server-only';
import { ROLES, type Role } from '../schemas/roles';
import { Role as RoleSchema } from '../schemas/settings';

/** The role a person was given; a word that is none of ours may do the least. */
export function roleOf(stored: unknown): Role {
  return RoleSchema.catch('auditor').parse(stored);
}

/** Whether somebody with this word as their role is a member of the workspace they are looked for in: `none` has who is no member of the default one. */
export function isMember(stored: string | null): boolean {
  return ROLES.some((role) => role === stored);
}
