const CALLED: Readonly<Record<string, string>> = { session_id: 'session', run_id: 'run', chain_id: 'chain' };

/** The value of a field that a finding was grouped by, or that its records state none: `no session stated`. */
export function groupWords(field: string, value: string): string {
  return value === '' ? `no ${CALLED[field] ?? field.replaceAll('_', ' ')} stated` : value;
}
