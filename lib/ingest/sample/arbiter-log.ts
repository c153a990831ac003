import type { Hasher } from '../../core/chain/format';
import { type Burst, burstMoments, moments } from './moments';
import type { Random } from './random';

export type ArbiterPlan = {
  agent: string;
  calls: number;
  denials?: Burst;
  /** Share of the week at which the gateway was restarted, and its chain with it. */
  restartAt?: number;
};

const TOOLS = [
  'query_orders',
  'get_customer',
  'list_invoices',
  'search_tickets',
  'create_note',
  'update_ticket',
  'fetch_report',
] as const;
const FORBIDDEN = ['delete_customer', 'drop_table', 'grant_role', 'export_all'] as const;
const SESSION_GAP_MS = 45 * 60_000;

/** A week of one agent behind Arbiter, as Arbiter writes it: BLAKE3 over the record without `chain_record_hash`, linked from `genesis`. */
export function arbiterLog(random: Random, hasher: Hasher, endMs: number, plan: ArbiterPlan): string[] {
  const calls = [
    ...moments(random, endMs, plan.calls).map((atMs) => ({ atMs, denied: false })),
    ...(plan.denials ? burstMoments(random, endMs, plan.denials) : []).map((atMs) => ({ atMs, denied: true })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const restartIndex = plan.restartAt === undefined ? -1 : Math.floor(calls.length * plan.restartAt);
  const lines: string[] = [];
  let prev = 'genesis';
  let sequence = 0;
  let session = '';
  let lastMs = 0;
  for (const [index, { atMs, denied: inBurst }] of calls.entries()) {
    if (index === restartIndex) [prev, sequence] = ['genesis', 0];
    if (atMs - lastMs > SESSION_GAP_MS) session = random.uuid();
    lastMs = atMs;
    const denied = inBurst || random.chance(0.012);
    const escalated = !denied && random.chance(0.02);
    const tool = denied ? random.pick(FORBIDDEN) : random.pick(TOOLS);
    const covered = {
      timestamp: `${new Date(atMs).toISOString().slice(0, -1)}${String(random.int(1, 999)).padStart(3, '0')}Z`,
      request_id: random.uuid(),
      agent_id: plan.agent,
      delegation_chain: `human>${plan.agent}`,
      task_session_id: session,
      tool_called: tool,
      arguments: { customer: `c-${random.int(1000, 9999)}`, limit: random.int(1, 50) },
      authorization_decision: denied ? 'deny' : escalated ? 'escalate' : 'allow',
      policy_matched: denied ? null : escalated ? 'ask-on-write' : 'allow-read-basic',
      anomaly_flags: denied
        ? [`session intent 'answer tickets' classified as read-only, but tool '${tool}' classified as Delete`]
        : [],
      ...(denied && { failure_category: 'governance' }),
      latency_ms: random.int(2, 180),
      upstream_status: denied ? null : 200,
      chain_sequence: (sequence += 1),
      chain_prev_hash: prev,
    };
    prev = hasher.blake3(new TextEncoder().encode(JSON.stringify(covered)));
    lines.push(JSON.stringify({ ...covered, chain_record_hash: prev }));
  }
  return lines;
}
