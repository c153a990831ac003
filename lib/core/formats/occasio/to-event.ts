import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import {
  EXTRA_CUT,
  amount,
  count,
  firstText,
  flagsOf,
  resource,
  resourceAmong,
  restOf,
  shapeOf,
  text,
} from '../fields';
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
const RESOURCES = [
  ['path', 'path'],
  ['file_path', 'path'],
  ['pattern', 'pattern'],
  ['glob', 'pattern'],
  ['url', 'url'],
  ['uri', 'url'],
  ['command', 'command'],
] as const;
/** Where nothing else was acted on. */
const LAST_RESOURCES = [
  ['policy_path', 'path'],
  ['cwd', 'path'],
] as const;
const USED = new Set([
  'action',
  'actor',
  'agent',
  'approval',
  'audit_schema',
  'classification',
  'cost',
  'delegator',
  'distilled',
  'event_type',
  'hash',
  'input_tokens',
  'kind',
  'model',
  'output_tokens',
  'policy_decision',
  'prev_hash',
  'protocol',
  'reason',
  'run_id',
  'secret_redacted_count',
  'secrets_redacted',
  'session_id',
  'tool',
  'tool_inputs',
  'tool_name',
  'ts',
]);

export function toEvent(record: JsonObject): NormalisedEvent {
  const inputs = isObject(record.tool_inputs) ? record.tool_inputs : {};
  const shell = isObject(record.tool) ? record.tool : {};
  const policy = isObject(record.policy_decision) ? record.policy_decision : {};
  const rule = isObject(record.classification) ? record.classification : {};
  const isRequest = record.kind === 'request';
  const { target, resourceClass, host } = resourceOf(inputs, text(shell.raw_command));
  const { extra, isCut } = restOf(record, USED);
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
    target,
    protocol: text(record.protocol),
    model: text(record.model),
    secretsRedacted: Math.max(count(record.secrets_redacted), count(record.secret_redacted_count)),
    inputTokens: count(record.input_tokens),
    outputTokens: count(record.output_tokens),
    costUsd: amount(record.cost),
    latencyMs: 0,
    originalDecision: text(isRequest ? record.event_type : record.action),
    reasonCode: text(record.event_type),
    policyDigest: text(inputs.policy_hash),
    resourceClass,
    host,
    actor: identity(record.actor),
    delegator: identity(record.delegator),
    upstreamStatus: 0,
    flags: flagsOf([
      isObject(record.approval) && record.approval.state === 'pending' ? 'approval-pending' : '',
      inputs.dirty === true ? 'dirty' : '',
      record.distilled ? 'distilled' : '',
      isCut ? EXTRA_CUT : '',
    ]),
    argumentShape: shapeOf(text(record.tool_name), record.tool_inputs),
    extra,
  };
}

function resourceOf(inputs: JsonObject, command: string) {
  const stated = resourceAmong(inputs, RESOURCES);
  if (stated.target !== '') return stated;
  return command === '' ? resourceAmong(inputs, LAST_RESOURCES) : resource(command, 'command');
}

function identity(value: unknown): string {
  return isObject(value) ? firstText(value.id, value.type) : '';
}
