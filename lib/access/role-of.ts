import 'server-only';
import type { Role } from '../schemas/roles';
import { Role as RoleSchema } from '../schemas/settings';

/** The role a person was given; a word that is none of ours may do the least. */
export function roleOf(stored: unknown): Role {
  return RoleSchema.catch('auditor').parse(stored);
}
