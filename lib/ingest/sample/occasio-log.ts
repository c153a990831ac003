import type { Hasher } from '../../core/chain/format';
import { type Burst, burstMoments, moments } from './moments';
import type { Random } from './random';

export type OccasioPlan = {
  agent: string;
  calls: number;
  denials?: Burst;
  secrets?: Burst;
  /** Records from before the tool hashed anything. */
  legacy?: number;
};
type Kind = 'call' | 'denied' | 'secret';

const FILES = [
  'src/index.ts',
  'src/api/orders.ts',
  'src/api/refunds.ts',
  'src/lib/money.ts',
  'tests/orders.test.ts',
  'README.md',
  'package.json',
  'infra/main.tf',
  'docs/runbook.md',
] as const;
const DENIED = [
  '/srv/shared/.env',
  '~/.aws/credentials',
  '~/.ssh/id_ed25519',
  '/srv/infra/prod.tfvars',
  '/etc/shadow',
] as const;
const TOOLS = ['read_file', 'read_file', 'grep', 'find_files', 'edit_file', 'bash', 'todo_write'] as const;
const SESSION_GAP_MS = 40 * 60_000;

/** A week of one agent behind Occasio, as Occasio writes it: `hash` over the record in insertion order, linked from 64 zeros. */
export function occasioLog(random: Random, hasher: Hasher, endMs: number, plan: OccasioPlan): string[] {
  const times: { atMs: number; kind: Kind }[] = [
    ...moments(random, endMs, plan.calls).map((atMs) => ({ atMs, kind: 'call' as Kind })),
    ...(plan.denials ? burstMoments(random, endMs, plan.denials) : []).map((atMs) => ({
      atMs,
      kind: 'denied' as Kind,
    })),
    ...(plan.secrets ? burstMoments(random, endMs, plan.secrets) : []).map((atMs) => ({
      atMs,
      kind: 'secret' as Kind,
    })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const lines: string[] = [];
  let prev = '0'.repeat(64);
  let session = '';
  let lastMs = 0;
  for (const [index, { atMs, kind }] of times.entries()) {
    if (atMs - lastMs > SESSION_GAP_MS) session = random.uuid();
    lastMs = atMs;
    const body = record(random, atMs, plan.agent, session, kind);
    if (index < (plan.legacy ?? 0)) {
      const { audit_schema: _, ...legacy } = body;
      lines.push(JSON.stringify(legacy));
      continue;
    }
    const covered = { ...body, prev_hash: prev };
    prev = hasher.sha256(new TextEncoder().encode(JSON.stringify(covered)));
    lines.push(JSON.stringify({ ...covered, hash: prev }));
  }
  return lines;
}

function record(random: Random, atMs: number, agent: string, session: string, kind: Kind) {
  const start = {
    audit_schema: 1,
    ts: new Date(atMs).toISOString(),
    event_id: random.uuid(),
    session_id: session,
    run_id: session,
  };
  if (kind === 'call' && random.chance(0.3)) {
    const input = random.int(800, 60_000);
    const output = random.int(50, 4_000);
    return {
      ...start,
      agent: 'occasio',
      protocol: 'anthropic-http',
      direction: 'outbound',
      kind: 'request',
      event_type: random.chance(0.15) ? 'trimmed' : 'cloud_sent',
      model: 'claude-sonnet-4-6',
      cwd: `/srv/${agent}`,
      input_tokens: input,
      output_tokens: output,
      cost: Number((input * 3e-6 + output * 15e-6).toFixed(6)),
    };
  }
  const denied = kind === 'denied' || (kind === 'call' && random.chance(0.015));
  const secret = kind === 'secret' || (kind === 'call' && !denied && random.chance(0.004));
  const tool = denied || secret ? 'read_file' : random.pick(TOOLS);
  const path = denied ? random.pick(DENIED) : `/srv/${agent}/${secret ? 'config/local.env' : random.pick(FILES)}`;
  const local = !denied && !secret && (tool === 'grep' || tool === 'find_files');
  return {
    ...start,
    agent,
    protocol: random.chance(0.2) ? 'mcp' : 'anthropic-http',
    direction: 'inbound',
    kind: 'tool_call',
    tool_name: tool,
    ...(tool === 'todo_write'
      ? { tool_inputs: { count: random.int(1, 6) } }
      : tool === 'find_files'
        ? { tool_inputs: { pattern: '**/*.ts', path: `/srv/${agent}` } }
        : { tool_inputs: { path } }),
    action: denied ? 'BLOCK' : secret ? 'TRANSFORM' : local ? 'LOCAL' : 'PASS',
    reason: denied ? 'path-denied' : secret ? 'secret-redacted' : local ? 'served-locally' : 'allowed',
    policy_source: 'user',
    result_kind: denied ? 'block' : secret ? 'transform' : local ? 'local' : 'pass',
    ...(secret && { secrets_redacted: random.int(1, 3), event_type: 'secret_redacted', severity: 'low' }),
  };
}
