const CALLED: Readonly<Record<string, string>> = { session_id: 'session', run_id: 'run', chain_id: 'chain' };

/** The value of a field that a finding was grouped by, or that its records state none: `no session stated`. */
export function groupWords(field: string, value: string): string {
  return value === '' ? `no ${CALLED[field] ?? field.replaceAll('_', ' ')} stated` : value;
}

/** What a finding's records have in common, as text: `session_id=sess-1 tool=bash`. */
export function groupText(group: Record<string, string>): string {
  return Object.entries(group)
    .map(([field, value]) => (value === '' ? groupWords(field, value) : `${field}=${value}`))
    .join(' ');
}
