import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { EXTRA_CUT, flagsOf, redactions, resourceAmong, restOf, shapeOf, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const BY_DECISION: Record<string, Decision> = { allow: 'allow', deny: 'deny', ask: 'ask' };
const RESOURCES = [
  ['path', 'path'],
  ['file_path', 'path'],
  ['url', 'url'],
  ['uri', 'url'],
  ['command', 'command'],
  ['query', 'query'],
] as const;
const USED = new Set([
  'arguments',
  'call_id',
  'decision',
  'hash',
  'mode',
  'policy_digest',
  'prev_hash',
  'reason',
  'reason_code',
  'seq',
  'session_id',
  'signature',
  'timestamp',
  'tool',
]);

export function toEvent(record: JsonObject): NormalisedEvent {
  const inputs = isObject(record.arguments) ? record.arguments : {};
  const { target, resourceClass, host } = resourceAmong(inputs, RESOURCES);
  const { extra, isCut } = restOf(record, USED);
  return {
    recordedAt: normaliseInstant(record.timestamp),
    kind: kindOf(record),
    agent: '',
    sessionId: text(record.session_id),
    runId: text(record.call_id),
    tool: text(record.tool),
    decision: BY_DECISION[text(record.decision)] ?? 'info',
    reason: text(record.reason),
    policy: text(record.policy_digest),
    target,
    protocol: 'mcp',
    model: '',
    secretsRedacted: redactions(record.arguments),
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: 0,
    originalDecision: text(record.decision),
    reasonCode: text(record.reason_code),
    policyDigest: text(record.policy_digest),
    resourceClass,
    host,
    actor: '',
    delegator: '',
    upstreamStatus: 0,
    flags: flagsOf([record.mode === 'dry_run' ? 'dry-run' : '', isCut ? EXTRA_CUT : '']),
    argumentShape: shapeOf(text(record.tool), record.arguments),
    extra,
  };
}

function kindOf({ mode, memory_write: write, tool, call_id: call }: JsonObject): string {
  if (tool === '' && text(call).startsWith('line-')) return 'parse_error';
  if (isObject(write)) return 'memory_write';
  return mode === 'dry_run' ? 'dry_run' : 'tool_call';
}
