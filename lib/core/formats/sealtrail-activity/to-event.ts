import type { NormalisedEvent } from '../../event/fields';
import { normaliseInstant } from '../../time';
import { EXTRA_CUT, firstText, flagsOf, resource, restOf, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const USED = new Set<string>();

/** The agent is Sealtrail, the actor who had it do something. */
export function toEvent(record: JsonObject): NormalisedEvent {
  const body = member(record, 'body');
  const actor = member(body, 'actor');
  const subject = member(body, 'subject');
  const action = text(body.action);
  const { target, resourceClass, host } = resource(text(subject.id), 'object');
  const details = member(body, 'details');
  const { extra, isCut } = restOf(details, USED);
  const isRefused = action.startsWith('person.refuse-sign-in') || action.endsWith('.refuse');
  return {
    recordedAt: normaliseInstant(body.time),
    kind: text(subject.type),
    agent: 'sealtrail',
    sessionId: '',
    runId: '',
    tool: action,
    decision: isRefused ? 'deny' : 'allow',
    reason: '',
    policy: text(actor.role),
    target,
    protocol: '',
    model: '',
    secretsRedacted: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    latencyMs: 0,
    originalDecision: text(details.verdictBefore),
    reasonCode: firstText(details.given, details.why),
    policyDigest: '',
    resourceClass,
    host,
    actor: text(actor.name),
    delegator: text(actor.kind),
    upstreamStatus: 0,
    flags: flagsOf([isCut ? EXTRA_CUT : '']),
    argumentShape: '',
    extra,
  };
}

function member(of: JsonObject, name: string): JsonObject {
  const value = of[name];
  return isObject(value) ? value : {};
}
