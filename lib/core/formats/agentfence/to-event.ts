import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { firstText, redactions, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const BY_DECISION: Record<string, Decision> = { allow: 'allow', deny: 'deny', ask: 'ask' };

export function toEvent(record: JsonObject): NormalisedEvent {
  const inputs = isObject(record.arguments) ? record.arguments : {};
  return {
    recordedAt: normaliseInstant(record.timestamp),
    kind: kindOf(record),
    agent: '',
    sessionId: text(record.session_id),
    runId: text(record.call_id),
    tool: text(record.tool),
    decision: BY_DECISION[text(record.decision)] ?? 'info',
    reason: [text(record.reason_code), text(record.reason)].filter((part) => part !== '').join('; '),
    policy: text(record.policy_digest),
    target: firstText(inputs.path, inputs.file_path, inputs.url, inputs.uri, inputs.command, inputs.query),
    protocol: 'mcp',
    model: '',
    secretsRedacted: redactions(record.arguments),
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: 0,
  };
}

function kindOf({ mode, memory_write: write, tool, call_id: call }: JsonObject): string {
  if (tool === '' && text(call).startsWith('line-')) return 'parse_error';
  if (isObject(write)) return 'memory_write';
  return mode === 'dry_run' ? 'dry_run' : 'tool_call';
}
