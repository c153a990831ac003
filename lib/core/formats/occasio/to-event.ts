import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { amount, count, firstText, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const BY_ACTION: Record<string, Decision> = {
  LOCAL: 'local',
  PASS: 'allow',
  BLOCK: 'deny',
  TRANSFORM: 'transform',
  INFO: 'info',
};
const BY_REQUEST: Record<string, Decision> = {
  blocked: 'deny',
  budget_exceeded: 'deny',
  cloud_sent: 'allow',
  local_only: 'local',
  trimmed: 'transform',
  partial_intercept: 'transform',
};

export function toEvent(record: JsonObject): NormalisedEvent {
  const inputs = isObject(record.tool_inputs) ? record.tool_inputs : {};
  const shell = isObject(record.tool) ? record.tool : {};
  const policy = isObject(record.policy_decision) ? record.policy_decision : {};
  const rule = isObject(record.classification) ? record.classification : {};
  const isRequest = record.kind === 'request';
  return {
    recordedAt: normaliseInstant(record.ts),
    kind: text(record.kind),
    agent: text(record.agent),
    sessionId: text(record.session_id),
    runId: text(record.run_id),
    tool: text(record.tool_name),
    decision: (isRequest ? BY_REQUEST[text(record.event_type)] : BY_ACTION[text(record.action)]) ?? 'info',
    reason: firstText(record.reason, record.event_type),
    policy: firstText(rule.matched_rule, policy.policy_name, record.policy_source),
    target: firstText(
      inputs.path,
      inputs.file_path,
      inputs.pattern,
      inputs.glob,
      inputs.url,
      inputs.uri,
      inputs.command,
      shell.raw_command,
      inputs.policy_path,
      inputs.cwd,
    ),
    protocol: text(record.protocol),
    model: text(record.model),
    secretsRedacted: Math.max(count(record.secrets_redacted), count(record.secret_redacted_count)),
    inputTokens: count(record.input_tokens),
    outputTokens: count(record.output_tokens),
    costUsd: amount(record.cost),
    latencyMs: 0,
  };
}
