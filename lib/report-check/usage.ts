import { DECISIONS, type Decision } from '../core/event/fields';
import { counted, csvStream } from '../reports/csv-stream';
import { USAGE_COLUMNS, type Usage, type UsageRow, nanoOf, usageCsvRows, usageReport } from '../reports/usage/usage';
import { usageJson, usagePdf } from '../reports/usage/usage-pdf';
import { UsageReport } from '../schemas/usage-report';
import { derivedKind } from './derived';
import type { DerivedRecord } from './records';

const SETS = ['agent', 'model', 'tool'] as const;

/** All of it is counted from records. */
export const usage = derivedKind(UsageReport, async ({ definition, period, generatedAt }, { records, bom }) => {
  const used = await countUsage(records);
  const report = usageReport(used, { definition, period, generatedAt });
  return {
    json: usageJson(report),
    pdf: (env) => usagePdf({ env }, report),
    files: { 'usage.csv': (onRow) => csvStream(counted(usageCsvRows(used), onRow), USAGE_COLUMNS, { bom }) },
  };
});

/** Who used what, counted record by record. Holds the names of sessions, once for each agent, model and tool they use. */
async function countUsage(records: AsyncIterable<DerivedRecord>): Promise<Usage> {
  const rows = new Map<string, UsageRow & { of: Set<string> }>();
  const sessions = {
    agent: new Map<string, Set<string>>(),
    model: new Map<string, Set<string>>(),
    tool: new Map<string, Set<string>>(),
  };
  const all = new Set<string>();
  for await (const record of records) {
    const text = (name: string) => String(record[name] ?? '');
    const of = { agent: text('agent'), model: text('model'), tool: text('tool') };
    const key = JSON.stringify([of.agent, of.model, of.tool]);
    const row = rows.get(key) ?? { ...of, ...nothing(), of: new Set<string>() };
    rows.set(key, row);
    row.records += 1;
    row.requests += text('kind') === 'request' ? 1 : 0;
    row.decisions[DECISIONS.find((known) => known === text('decision')) ?? 'info'] += 1;
    row.inputTokens += Number(record['input_tokens']);
    row.outputTokens += Number(record['output_tokens']);
    row.costNano += nanoOf(Number(record['cost_usd']));
    const session = text('session_id');
    for (const set of SETS) {
      const named = sessions[set].get(of[set]) ?? new Set<string>();
      sessions[set].set(of[set], named);
      if (session !== '') named.add(session);
    }
    if (session === '') continue;
    row.of.add(session);
    all.add(session);
  }
  const sizes = (sets: ReadonlyMap<string, Set<string>>) => new Map([...sets].map(([value, of]) => [value, of.size]));
  const bytes = (row: UsageRow) => SETS.map((set) => Buffer.from(row[set]));
  return {
    rows: [...rows.values()]
      .map(({ of, ...row }) => ({ ...row, sessions: of.size }))
      .toSorted((a, b) => {
        const [left, right] = [bytes(a), bytes(b)];
        for (const [n, one] of left.entries()) {
          const order = Buffer.compare(one, right[n] ?? one);
          if (order !== 0) return order;
        }
        return 0;
      }),
    sessions: { all: all.size, agent: sizes(sessions.agent), model: sizes(sessions.model), tool: sizes(sessions.tool) },
  };
}

function nothing() {
  const decisions: Record<Decision, number> = { allow: 0, deny: 0, ask: 0, transform: 0, local: 0, error: 0, info: 0 };
  return { sessions: 0, records: 0, requests: 0, decisions, inputTokens: 0, outputTokens: 0, costNano: 0n };
}
