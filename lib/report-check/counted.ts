import 'server-only';
import { type Decision, DECISIONS } from '../core/event/fields';
import type { Period } from '../schemas/common';
import type { Report } from '../schemas/reports';
import { briefInstant } from '../lake/time';
import { bucketsOf, stepOf } from '../reports/buckets';
import { MOST_BLOCKED, MOST_TOOLS, toolsOf } from '../reports/report';
import type { DerivedRecord } from './records';

type Blocked = Report['blocked'][number];

/** What a report counts of records: all of it that `report.json` holds, from records in the order of their time. */
export type Counted = Pick<Report, 'activity' | 'bucketSeconds' | 'topTools' | 'blocked' | 'blockedTotal'> & {
  totals: Omit<Report['summary'], 'chains' | 'findings'>;
  byChain: ReadonlyMap<string, number>;
};

/** Counts records by the definition of each figure. Holds the names of sessions and agents, one of each. */
export async function count(records: AsyncIterable<DerivedRecord>, period: Period): Promise<Counted> {
  const bucketSeconds = stepOf(period);
  const [sessions, agents] = [new Set<string>(), new Set<string>()];
  const [steps, tools, byChain] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const requestSessions = new Set<string>();
  const [cost, sums] = [kahan(), nothing()];
  let [first, last] = ['', ''];
  let blocked: Blocked[] = [];
  for await (const record of records) {
    const decision = decisionOf(record);
    addTo(sums, record, decision);
    cost.add(Number(record['cost_usd']));
    first ||= record.recorded_at;
    last = record.recorded_at;
    if (record['session_id'] !== '') {
      sessions.add(String(record['session_id']));
      if (record['kind'] === 'request') requestSessions.add(String(record['session_id']));
    }
    if (record['agent'] !== '') agents.add(String(record['agent']));
    const at = Math.floor(Date.parse(record.recorded_at) / 1000 / bucketSeconds) * bucketSeconds;
    add(steps, `${at} ${decision}`);
    if (record['tool'] !== '') add(tools, `${decision} ${String(record['tool'])}`);
    add(byChain, record.chain_id);
    if (decision !== 'deny') continue;
    blocked.push(blockedOf(record));
    if (blocked.length >= 20 * MOST_BLOCKED) blocked = newest(blocked);
  }
  return {
    totals: {
      ...sums,
      sessions: sessions.size,
      agents: agents.size,
      requestSessions: requestSessions.size,
      costUsd: Math.round(cost.sum() * 1e9) / 1e9,
      recorded: sums.records === 0 ? null : { first: briefInstant(first), last: briefInstant(last) },
    },
    bucketSeconds,
    activity: bucketsOf(
      period,
      bucketSeconds,
      [...steps].map(([key, records]) => {
        const [at = '', decision = ''] = key.split(' ');
        return { at: Number(at), decision: decision as Decision, records }; // written above
      }),
    ),
    topTools: toolsOf(mostCalled(tools)),
    blocked: newest(blocked),
    blockedTotal: sums.denied,
    byChain,
  };
}

type Sums = Omit<Counted['totals'], 'sessions' | 'agents' | 'requestSessions' | 'costUsd' | 'recorded'>;

function nothing(): Sums {
  return {
    records: 0,
    denied: 0,
    secretsRedacted: 0,
    secretEvents: 0,
    requests: 0,
    requestsDenied: 0,
    filesAccessed: 0,
    filesDenied: 0,
  };
}

function addTo(sums: Sums, record: DerivedRecord, decision: Decision): void {
  const [kind, secrets, isDenied] = [record['kind'], Number(record['secrets_redacted']), decision === 'deny'];
  sums.records += 1;
  sums.secretsRedacted += secrets;
  if (secrets > 0) sums.secretEvents += 1;
  if (isDenied) sums.denied += 1;
  if (kind === 'request') sums.requests += 1;
  if (isDenied && (kind === 'request' || kind === 'limit_exceeded')) sums.requestsDenied += 1;
  if (record['resource_class'] !== 'path' || kind === 'request') return;
  if (isDenied) sums.filesDenied += 1;
  else if (LET_THROUGH.has(decision)) sums.filesAccessed += 1;
}

const LET_THROUGH: ReadonlySet<Decision> = new Set(['allow', 'local', 'transform']);

function decisionOf({ decision }: DerivedRecord): Decision {
  return DECISIONS.find((known) => known === decision) ?? 'info';
}

function mostCalled(counts: ReadonlyMap<string, number>) {
  const all = [...counts].map(([key, records]) => {
    const space = key.indexOf(' ');
    return { decision: key.slice(0, space) as Decision, tool: key.slice(space + 1), records }; // written above
  });
  const totals = new Map<string, number>();
  for (const { tool, records } of all) totals.set(tool, (totals.get(tool) ?? 0) + records);
  const most = [...totals].toSorted(
    ([a, inA], [b, inB]) => inB - inA || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  const listed = new Set(most.slice(0, MOST_TOOLS).map(([tool]) => tool));
  return all.filter(({ tool }) => listed.has(tool));
}

function blockedOf(record: DerivedRecord): Blocked {
  const text = (name: string) => String(record[name] ?? '');
  return {
    recordedAt: record.recorded_at,
    chainId: record.chain_id,
    ordinal: record.ordinal,
    agent: text('agent'),
    tool: text('tool'),
    target: text('target'),
    reason: text('reason'),
    chain: text('chain'),
  };
}

/** Newest first, and of one time in the order of the lake. */
function newest(blocked: readonly Blocked[]): Blocked[] {
  const order = ({ chainId, ordinal }: Blocked) => `${orderOfId(chainId)} ${String(ordinal).padStart(20, '0')}`;
  return blocked
    .toSorted((a, b) =>
      a.recordedAt === b.recordedAt ? (order(a) < order(b) ? -1 : 1) : a.recordedAt < b.recordedAt ? 1 : -1,
    )
    .slice(0, MOST_BLOCKED);
}

/** What the lake orders ids by: their second half, then their first. */
export function orderOfId(id: string): string {
  const hex = id.replaceAll('-', '');
  return hex.slice(16) + hex.slice(0, 16);
}

/** A sum whose error does not grow with the number of its parts. */
function kahan() {
  let [sum, lost] = [0, 0];
  return {
    add(value: number) {
      const part = value - lost;
      const next = sum + part;
      lost = next - sum - part;
      sum = next;
    },
    sum: () => sum,
  };
}
