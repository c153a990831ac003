import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { count, firstText, redactions, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const BY_DECISION: Record<string, Decision> = { allow: 'allow', deny: 'deny', escalate: 'ask' };

export function toEvent(record: JsonObject): NormalisedEvent {
  const inputs = isObject(record.arguments) ? record.arguments : {};
  const decided = BY_DECISION[text(record.authorization_decision)] ?? 'info';
  const category = text(record.failure_category);
  return {
    recordedAt: normaliseInstant(record.timestamp),
    kind: 'tool_call',
    agent: text(record.agent_id),
    sessionId: text(record.task_session_id),
    runId: text(record.request_id),
    tool: text(record.tool_called),
    decision: category === 'infrastructure' && decided !== 'deny' ? 'error' : decided,
    reason: reasonOf(record, category),
    policy: text(record.policy_matched),
    target: firstText(inputs.path, inputs.file_path, inputs.uri, inputs.url, inputs.command, inputs.query),
    protocol: '',
    model: '',
    secretsRedacted: redactions(record.arguments),
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: count(record.latency_ms),
  };
}

/** What went wrong, flagged or failed, in one line: `governance; scope_violation; secret:aws_key; upstream 502`. */
function reasonOf(record: JsonObject, failure: string): string {
  const flags = [record.anomaly_flags, record.inspection_findings].flatMap((list) =>
    Array.isArray(list) ? list.map(text) : [],
  );
  const upstream = count(record.upstream_status) >= 400 ? `upstream ${count(record.upstream_status)}` : '';
  return [failure, ...flags, upstream].filter((part) => part !== '').join('; ');
}
