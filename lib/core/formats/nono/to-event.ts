import type { Decision, NormalisedEvent } from '../../event/fields';
import { instantOfUnix, normaliseInstant } from '../../time';
import { count, firstText, text } from '../fields';
import { type JsonObject, isObject } from '../read-line';

const NONE: JsonObject = {};

/** The time an event states, which each kind does in its own place; opened URLs state none. */
export function nonoRecordedAt(value: unknown): string | null {
  const event = objectOf(value);
  const inner = objectOf(event.event);
  switch (event.type) {
    case 'session_started':
      return normaliseInstant(event.started);
    case 'session_ended':
      return normaliseInstant(event.ended);
    case 'capability_decision': {
      const { secs_since_epoch: seconds, nanos_since_epoch: nanos } = objectOf(objectOf(event.entry).timestamp);
      return instantOfUnix(seconds, nanos);
    }
    case 'network': {
      const unixMs = inner.timestamp_unix_ms;
      return typeof unixMs === 'number' && unixMs >= 0
        ? instantOfUnix(Math.floor(unixMs / 1000), (unixMs % 1000) * 1_000_000)
        : null;
    }
    case 'sandbox_runtime':
    case 'command_policy':
      return normaliseInstant(inner.timestamp);
    default:
      return null;
  }
}

export function nonoToEvent(record: JsonObject): NormalisedEvent {
  const event = objectOf(record.event);
  return { ...EMPTY, recordedAt: nonoRecordedAt(record.event), kind: text(event.type), agent: '', ...detailsOf(event) };
}

const EMPTY = {
  sessionId: '',
  runId: '',
  tool: '',
  decision: 'info',
  reason: '',
  policy: '',
  target: '',
  protocol: '',
  model: '',
  secretsRedacted: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  latencyMs: 0,
} as const;

function detailsOf(event: JsonObject): Partial<NormalisedEvent> {
  const inner = objectOf(event.event);
  switch (event.type) {
    case 'session_started': {
      const command = Array.isArray(event.command) ? event.command.map(text) : [];
      return {
        agent: command[0] ?? '',
        target: command.join(' '),
        secretsRedacted: command.filter((part) => part.includes('[REDACTED]')).length,
      };
    }
    case 'session_ended':
      return { reason: typeof event.exit_code === 'number' ? `exit ${event.exit_code}` : '' };
    case 'capability_decision': {
      const entry = objectOf(event.entry);
      const request = objectOf(entry.request);
      const denied = objectOf(objectOf(entry.decision).Denied);
      return {
        sessionId: text(request.session_id),
        runId: text(request.request_id),
        tool: text(request.capability_type),
        decision: entry.decision === 'Granted' ? 'allow' : 'deny',
        reason: entry.decision === 'Timeout' ? 'timeout' : firstText(denied.reason, request.reason),
        policy: firstText(request.rule_label, request.intercept_rule, entry.backend),
        target: firstText(request.path, request.host, request.command, request.upstream),
        protocol: text(request.protocol),
        latencyMs: count(entry.duration_ms),
      };
    }
    case 'url_open': {
      const request = objectOf(event.request);
      return {
        sessionId: text(request.session_id),
        runId: text(request.request_id),
        tool: 'url_open',
        decision: event.success === true ? 'allow' : 'deny',
        reason: text(event.error),
        target: text(request.url),
      };
    }
    case 'network':
      return {
        tool: text(inner.mode),
        decision: networkDecision(text(inner.decision)),
        reason: firstText(inner.reason, inner.denial_category),
        policy: firstText(inner.endpoint_policy_rule, inner.route_id),
        target: [text(inner.target), text(inner.path)].join(''),
        protocol: text(inner.method),
      };
    case 'command_policy':
      return {
        sessionId: text(inner.session_id),
        tool: text(inner.command),
        decision: text(inner.decision).startsWith('allow') ? 'allow' : 'deny',
        reason: text(inner.reason),
        target: Array.isArray(inner.argv_display) ? inner.argv_display.map(text).join(' ') : '',
      };
    default:
      return {};
  }
}

function networkDecision(decision: string): Decision {
  if (decision === 'allow' || decision === 'approve_granted') return 'allow';
  if (decision === 'approve_requested') return 'ask';
  if (decision === 'approve_error') return 'error';
  return decision === '' ? 'info' : 'deny';
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : NONE;
}
