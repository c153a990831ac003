import type { Decision, NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { EXTRA_CUT, firstText, flagsOf, resource, resourceAmong, restOf, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const RESOURCES = [
  ['path', 'path'],
  ['url', 'url'],
  ['source', 'object'],
] as const;
const USED = new Set(['model', 'note', 'path', 'reason', 'session_id', 'source', 'url']);

export function toEvent(record: JsonObject): NormalisedEvent {
  const data = isObject(record.data) ? record.data : {};
  const objects = Array.isArray(record.object_ids) ? record.object_ids : [];
  const event = text(record.event);
  const object = text(objects[0]);
  const { target, resourceClass, host } = object === '' ? resourceAmong(data, RESOURCES) : resource(object, 'object');
  const { extra, isCut } = restOf(data, USED);
  const decision = decisionOf(event);
  return {
    recordedAt: normaliseInstant(record.created_at),
    kind: event,
    agent: text(record.actor),
    sessionId: text(data.session_id),
    runId: text(record.id),
    tool: event,
    decision,
    reason: firstText(data.reason, data.note),
    policy: text(record.kb_id),
    target,
    protocol: '',
    model: text(data.model),
    secretsRedacted: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: 0,
    originalDecision: decision === 'info' ? '' : event.slice(event.lastIndexOf('.') + 1),
    reasonCode: '',
    policyDigest: '',
    resourceClass,
    host,
    actor: text(record.actor),
    delegator: '',
    upstreamStatus: 0,
    flags: flagsOf([
      record.dry_run === true ? 'dry-run' : '',
      record.reversible === false ? 'irreversible' : '',
      isCut ? EXTRA_CUT : '',
    ]),
    argumentShape: '',
    extra,
  };
}

/** A proposal waits for a decision; approving and rejecting are the decisions. */
function decisionOf(event: string): Decision {
  if (!event.startsWith('proposal.')) return 'info';
  if (event.endsWith('.approve')) return 'allow';
  if (event.endsWith('.reject')) return 'deny';
  return event.endsWith('.create') ? 'ask' : 'info';
}
