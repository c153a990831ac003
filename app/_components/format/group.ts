import { groupWords } from '@/lib/schemas/group-words';

/** What a finding was grouped by: the values, or that its records state none: `sess-1, bash`, `no session stated`. */
export function sayGroup(group: Readonly<Record<string, string>>): string {
  return Object.entries(group)
    .map(([field, value]) => groupWords(field, value))
    .join(', ');
}
