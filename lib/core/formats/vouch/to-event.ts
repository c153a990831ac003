import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { firstText, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

export function toEvent(record: JsonObject): NormalisedEvent {
  const data = isObject(record.data) ? record.data : {};
  const objects = Array.isArray(record.object_ids) ? record.object_ids : [];
  const event = text(record.event);
  return {
    recordedAt: normaliseInstant(record.created_at),
    kind: event,
    agent: text(record.actor),
    sessionId: text(data.session_id),
    runId: text(record.id),
    tool: event,
    decision: decisionOf(event),
    reason: firstText(data.reason, data.note),
    policy: text(record.kb_id),
    target: firstText(objects[0], data.path, data.url, data.source),
    protocol: '',
    model: text(data.model),
    secretsRedacted: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: 0,
  };
}

/** A proposal waits for a decision; approving and rejecting are the decisions. */
function decisionOf(event: string): Decision {
  if (!event.startsWith('proposal.')) return 'info';
  if (event.endsWith('.approve')) return 'allow';
  if (event.endsWith('.reject')) return 'deny';
  return event.endsWith('.create') ? 'ask' : 'info';
}
