/** What a finding was grouped by: the values, or that a record states none: `sess-1, bash`, `no session id`. */
export function sayGroup(group: Readonly<Record<string, string>>): string {
  return Object.entries(group)
    .map(([field, value]) => value || `no ${field.replaceAll('_', ' ')}`)
    .join(', ');
}
