import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { EXTRA_CUT, count, flagsOf, redactions, resourceAmong, restOf, shapeOf, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const BY_DECISION: Record<string, Decision> = { allow: 'allow', deny: 'deny', escalate: 'ask' };
const RESOURCES = [
  ['path', 'path'],
  ['file_path', 'path'],
  ['uri', 'url'],
  ['url', 'url'],
  ['command', 'command'],
  ['query', 'query'],
] as const;
const USED = new Set([
  'agent_id',
  'anomaly_flags',
  'arguments',
  'authorization_decision',
  'chain_prev_hash',
  'chain_record_hash',
  'chain_sequence',
  'delegation_chain',
  'failure_category',
  'inspection_findings',
  'latency_ms',
  'policy_matched',
  'request_id',
  'task_session_id',
  'timestamp',
  'tool_called',
  'upstream_status',
]);

export function toEvent(record: JsonObject): NormalisedEvent {
  const inputs = isObject(record.arguments) ? record.arguments : {};
  const decided = BY_DECISION[text(record.authorization_decision)] ?? 'info';
  const category = text(record.failure_category);
  const { target, resourceClass, host } = resourceAmong(inputs, RESOURCES);
  const { extra, isCut } = restOf(record, USED);
  const marked = marksOf(record);
  return {
    recordedAt: normaliseInstant(record.timestamp),
    kind: 'tool_call',
    agent: text(record.agent_id),
    sessionId: text(record.task_session_id),
    runId: text(record.request_id),
    tool: text(record.tool_called),
    decision: category === 'infrastructure' && decided !== 'deny' ? 'error' : decided,
    reason: reasonOf(record, category, marked),
    policy: text(record.policy_matched),
    target,
    protocol: '',
    model: '',
    secretsRedacted: redactions(record.arguments),
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: count(record.latency_ms),
    originalDecision: text(record.authorization_decision),
    reasonCode: category,
    policyDigest: '',
    resourceClass,
    host,
    actor: '',
    delegator: text(record.delegation_chain),
    upstreamStatus: count(record.upstream_status),
    flags: flagsOf([...marked, isCut ? EXTRA_CUT : '']),
    argumentShape: shapeOf(text(record.tool_called), record.arguments),
    extra,
  };
}

/** What its detectors flagged, and what inspection found. */
function marksOf({ anomaly_flags: anomalies, inspection_findings: findings }: JsonObject): string[] {
  return [anomalies, findings].flatMap((list) => (Array.isArray(list) ? list.map(text) : []));
}

/** What went wrong, flagged or failed, in one line: `governance; scope_violation; secret:aws_key; upstream 502`. */
function reasonOf(record: JsonObject, failure: string, marked: readonly string[]): string {
  const upstream = count(record.upstream_status) >= 400 ? `upstream ${count(record.upstream_status)}` : '';
  return [failure, ...marked, upstream].filter((part) => part !== '').join('; ');
}
