import type { Decision, NormalisedEvent } from '../../event/fields';
import { instantOfUnix, normaliseInstant } from '../../time';
import { EXTRA_CUT, count, firstText, flagsOf, hostOf, resource, restOf, text } from '../fields';
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
  const details = detailsOf(event);
  const { extra, isCut } = restOf(restFrom(event), USED);
  return {
    ...EMPTY,
    recordedAt: nonoRecordedAt(record.event),
    kind: text(event.type),
    agent: '',
    ...details,
    flags: flagsOf([details.flags ?? '', isCut ? EXTRA_CUT : '']),
    extra,
  };
}

/** Members that fields are made of, wherever in an event they stand. */
const USED = new Set([
  'argv_display',
  'caller',
  'capability_type',
  'command',
  'decision',
  'denial_category',
  'ended',
  'endpoint_policy_rule',
  'entry',
  'error',
  'event',
  'exit_code',
  'host',
  'intercept_rule',
  'managed_credential_active',
  'method',
  'mode',
  'path',
  'protocol',
  'reason',
  'request',
  'request_id',
  'rule_label',
  'session_id',
  'started',
  'status',
  'success',
  'target',
  'timestamp',
  'timestamp_unix_ms',
  'type',
  'upstream',
  'url',
]);

/** The object of an event that holds what it is about. */
function restFrom(event: JsonObject): JsonObject {
  if (isObject(event.event)) return event.event;
  if (isObject(event.request)) return event.request;
  return isObject(event.entry) ? objectOf(event.entry.request) : event;
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
} as const;

function detailsOf(event: JsonObject): Partial<NormalisedEvent> {
  const inner = objectOf(event.event);
  switch (event.type) {
    case 'session_started': {
      const command = Array.isArray(event.command) ? event.command.map(text) : [];
      return {
        agent: command[0] ?? '',
        ...resource(command.join(' '), 'command'),
        secretsRedacted: command.filter((part) => part.includes('[REDACTED]')).length,
      };
    }
    case 'session_ended':
      return { reason: typeof event.exit_code === 'number' ? `exit ${event.exit_code}` : '' };
    case 'capability_decision':
      return capabilityDetails(objectOf(event.entry));
    case 'url_open': {
      const request = objectOf(event.request);
      return {
        sessionId: text(request.session_id),
        runId: text(request.request_id),
        tool: 'url_open',
        decision: event.success === true ? 'allow' : 'deny',
        reason: text(event.error),
        ...resource(text(request.url), 'url'),
      };
    }
    case 'network':
      return networkDetails(inner);
    case 'command_policy':
      return {
        sessionId: text(inner.session_id),
        tool: text(inner.command),
        decision: text(inner.decision).startsWith('allow') ? 'allow' : 'deny',
        reason: text(inner.reason),
        ...resource(Array.isArray(inner.argv_display) ? inner.argv_display.map(text).join(' ') : '', 'command'),
        originalDecision: text(inner.decision),
        actor: text(inner.caller),
      };
    default:
      return {};
  }
}

function capabilityDetails(entry: JsonObject): Partial<NormalisedEvent> {
  const request = objectOf(entry.request);
  const isDenied = isObject(entry.decision);
  const denied = objectOf(objectOf(entry.decision).Denied);
  return {
    sessionId: text(request.session_id),
    runId: text(request.request_id),
    tool: text(request.capability_type),
    decision: entry.decision === 'Granted' ? 'allow' : 'deny',
    reason: entry.decision === 'Timeout' ? 'timeout' : firstText(denied.reason, request.reason),
    policy: firstText(request.rule_label, request.intercept_rule, entry.backend),
    ...capabilityResource(request),
    protocol: firstText(request.protocol, request.method),
    latencyMs: count(entry.duration_ms),
    originalDecision: isDenied ? (Object.keys(objectOf(entry.decision))[0] ?? '') : text(entry.decision),
  };
}

function capabilityResource(request: JsonObject): Partial<NormalisedEvent> {
  const target = firstText(request.path, request.host, request.command, request.upstream);
  switch (request.capability_type) {
    case 'network':
      return { ...resource(target, 'host'), host: text(request.host).toLowerCase() };
    case 'endpoint':
      return { ...resource(target, 'url'), host: hostOf(text(request.upstream)) };
    case 'command':
      return resource(target, 'command');
    default:
      return resource(target, 'path');
  }
}

function networkDetails(inner: JsonObject): Partial<NormalisedEvent> {
  const [address, path] = [text(inner.target), text(inner.path)];
  const delegation = objectOf(objectOf(inner.spiffe_context).delegation);
  return {
    tool: text(inner.mode),
    decision: networkDecision(text(inner.decision)),
    reason: firstText(inner.reason, inner.denial_category),
    policy: firstText(inner.endpoint_policy_rule, inner.route_id),
    ...resource([address, path].join(''), path === '' ? 'host' : 'url'),
    host: address.toLowerCase(),
    protocol: text(inner.method),
    originalDecision: text(inner.decision),
    reasonCode: text(inner.denial_category),
    delegator: firstText(delegation.on_behalf_of, delegation.authorized_by),
    upstreamStatus: count(inner.status),
    flags: flagsOf([
      inner.auth_outcome === 'failed' ? 'auth-failed' : '',
      inner.managed_credential_active === true ? 'managed-credential' : '',
    ]),
  };
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
