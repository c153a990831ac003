import { type Decision, DECISIONS } from '../../core/event/fields';
import type { UsageBy, UsageCounts, UsageReport } from '../../schemas/usage-report';
import type { CsvRow } from '../csv-stream';

/** Values listed of a column. */
const MOST_LISTED = 200;
const NANO = 1_000_000_000n;

type Column = 'agent' | 'model' | 'tool';
/** Records of one agent, model and tool, each of which may be none. */
export type UsageRow = Record<Column, string> & {
  sessions: number;
  records: number;
  requests: number;
  decisions: Record<Decision, number>;
  inputTokens: number;
  outputTokens: number;
  /** In billionths of a dollar. */
  costNano: bigint;
};
/** Distinct sessions in all, and by each value of a column. */
type UsageSessions = { all: number } & Record<Column, ReadonlyMap<string, number>>;
export type Usage = { rows: readonly UsageRow[]; sessions: UsageSessions };

export const USAGE_COLUMNS = [
  'agent',
  'model',
  'tool',
  'sessions',
  'records',
  'requests',
  ...DECISIONS,
  'input_tokens',
  'output_tokens',
  'cost_usd',
];

/** What a record costs in billionths of a dollar, as the lake counts it. */
export function nanoOf(costUsd: number): bigint {
  return BigInt(Math.floor(costUsd * 1e9 + 0.5));
}

/** `12.5` of 12,500,000,000. */
function dollarText(nano: bigint): string {
  const [whole, rest] = [nano / NANO, nano % NANO];
  const sign = nano < 0n ? '-' : '';
  const fraction = String(rest < 0n ? -rest : rest)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${sign}${whole < 0n ? -whole : whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Every figure of the report is added up of the same rows as stand in `usage.csv`. */
export function usageReport(
  { rows, sessions }: Usage,
  about: Pick<UsageReport, 'definition' | 'period' | 'generatedAt'>,
): UsageReport {
  return {
    kind: 'usage',
    ...about,
    totals: { sessions: sessions.all, ...sum(rows) },
    agents: by(rows, 'agent', sessions),
    models: by(rows, 'model', sessions),
    tools: by(rows, 'tool', sessions),
  };
}

function by(rows: readonly UsageRow[], column: Column, sessions: UsageSessions): UsageBy {
  const all = [...Map.groupBy(rows, (row) => row[column])]
    .map(([value, of]) => ({ value, of, records: of.reduce((count, { records }) => count + records, 0) }))
    .toSorted((a, b) => b.records - a.records || Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)));
  const beyond = all.slice(MOST_LISTED);
  return {
    values: all
      .slice(0, MOST_LISTED)
      .map(({ value, of }) => ({ value, sessions: sessions[column].get(value) ?? 0, ...sum(of) })),
    more: { values: beyond.length, ...sum(beyond.flatMap(({ of }) => of)) },
  };
}

function sum(rows: readonly UsageRow[]): Omit<UsageCounts, 'sessions'> {
  const total = (of: (row: UsageRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  const decisions: UsageCounts['decisions'] = {};
  for (const decision of DECISIONS) {
    const count = total((row) => row.decisions[decision]);
    if (count > 0) decisions[decision] = count;
  }
  return {
    records: total(({ records }) => records),
    requests: total(({ requests }) => requests),
    decisions,
    inputTokens: total(({ inputTokens }) => inputTokens),
    outputTokens: total(({ outputTokens }) => outputTokens),
    costUsd: dollarText(rows.reduce((all, { costNano }) => all + costNano, 0n)),
  };
}

/** By agent, model and tool, each in the order of its bytes. */
export async function* usageCsvRows({ rows }: Usage): AsyncGenerator<CsvRow> {
  for (const { agent, model, tool, sessions, records, requests, decisions, ...row } of rows)
    yield {
      agent,
      model,
      tool,
      sessions,
      records,
      requests,
      ...decisions,
      input_tokens: row.inputTokens,
      output_tokens: row.outputTokens,
      cost_usd: dollarText(row.costNano),
    };
}
