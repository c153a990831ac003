/** Columns of the lake that rules may name, and nothing else can reach SQL as a name. Field names in rules are these. */
export const COLUMNS = {
  chain_id: 'text',
  format: 'text',
  kind: 'text',
  agent: 'text',
  session_id: 'text',
  run_id: 'text',
  tool: 'text',
  decision: 'text',
  reason: 'text',
  policy: 'text',
  target: 'text',
  protocol: 'text',
  model: 'text',
  integrity: 'text',
  secrets_redacted: 'number',
  input_tokens: 'number',
  output_tokens: 'number',
  cost_usd: 'number',
  latency_ms: 'number',
} as const satisfies Record<string, 'text' | 'number'>;

export type ColumnName = keyof typeof COLUMNS;
export type TextColumn = { [Name in ColumnName]: (typeof COLUMNS)[Name] extends 'text' ? Name : never }[ColumnName];

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(COLUMNS, name);
}

export function isTextColumn(name: string): name is TextColumn {
  return isColumn(name) && COLUMNS[name] === 'text';
}
