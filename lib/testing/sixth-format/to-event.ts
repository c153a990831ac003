import type { NormalisedEvent } from '../../core/event/fields';
import { firstText, text } from '../../core/formats/fields';
import type { JsonObject } from '../../core/formats/read-line';
import { normaliseInstant } from '../../core/time';

export function toEvent(record: JsonObject): NormalisedEvent {
  return {
    recordedAt: normaliseInstant(record.at),
    kind: 'tool_call',
    agent: text(record.who),
    sessionId: '',
    runId: '',
    tool: text(record.did),
    decision: record.ok === true ? 'allow' : record.ok === false ? 'deny' : 'info',
    reason: text(record.why),
    policy: '',
    target: firstText(record.to),
    protocol: '',
    model: '',
    secretsRedacted: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: 0,
    originalDecision: '',
    reasonCode: '',
    policyDigest: '',
    resourceClass: '',
    host: '',
    actor: '',
    delegator: '',
    upstreamStatus: 0,
    flags: '',
    argumentShape: '',
    extra: '',
  };
}
