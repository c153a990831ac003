import type { JsonNode } from '../../json/tree';

/** Always there; null when there is none; left out when there is none; left out when empty. */
type Presence = 'always' | 'nullable' | 'omitted' | 'omitted-empty';
export type Shape = readonly (readonly [name: string, presence: Presence, of?: Shape])[];
type Tagged = { tag: string; shapes: Readonly<Record<string, Shape>> };

const a = (...names: string[]): Shape => names.map((name) => [name, 'always'] as const);
const n = (...names: string[]): Shape => names.map((name) => [name, 'nullable'] as const);
const o = (...names: string[]): Shape => names.map((name) => [name, 'omitted'] as const);

const REDACTION: Shape = ['flags', 'headers', 'query_keys', 'env_vars'].flatMap((what) => [
  [`added_${what}`, 'omitted-empty'] as const,
  [`removed_${what}`, 'omitted-empty'] as const,
]);
const REQUEST_TAIL: Shape = [...n('reason'), ...a('child_pid', 'session_id')];
export const REQUESTS: Record<string, Shape> = {
  capability: [...a('request_id', 'path', 'access'), ...REQUEST_TAIL],
  network: [...a('request_id', 'host', 'port', 'protocol', 'resolved_ips'), ...REQUEST_TAIL],
  endpoint: [...a('request_id', 'route_id', 'upstream', 'method', 'path', 'rule_label'), ...REQUEST_TAIL],
  command: [...a('request_id', 'command', 'args', 'caller', 'intercept_rule'), ...REQUEST_TAIL],
};
const SPIFFE: Shape = [
  ...a('workload_spiffe_id', 'trust_domain', 'svid_type', 'source'),
  ...o('upstream_spiffe_id'),
  ['delegation', 'omitted', [...a('authorized_by'), ...o('on_behalf_of'), ...a('chain_depth')]],
];
const CAPTURE = [
  'action',
  'name',
  'command',
  'argv',
  'exit_status',
  'duration_ms',
  'stdout_bytes',
  'stderr',
  'cache_scope',
  'output_format',
  'header_names',
  'stdin_mode',
  'interactive',
].map((what) => `credential_capture_${what}`);
export const NETWORK: Shape = [
  ...a('timestamp_unix_ms', 'mode', 'decision'),
  ...o(
    'route_id',
    'auth_mechanism',
    'auth_outcome',
    'managed_credential_active',
    'injection_mode',
    'denial_category',
    'endpoint_policy_action',
    'endpoint_policy_rule',
    'approval_backend',
    ...CAPTURE,
  ),
  ['spiffe_context', 'omitted', SPIFFE],
  ...a('target'),
  ...o('upstream'),
  ...n('port', 'method', 'path', 'status', 'reason'),
];
const STREAM: Shape = [
  ...a('total_bytes', 'forwarded_bytes'),
  ...o('max_bytes'),
  ...a('limit_exceeded'),
  ...o('on_limit'),
];
const COMMAND: Shape = [
  ...a('timestamp'),
  ...o('session_id'),
  ...a('command', 'caller'),
  ...o('caller_kind', 'caller_command', 'caller_pid', 'shim_pid', 'session_root_pid'),
  ...a('decision'),
  ...n('reason'),
  ...a('stdio_mode', 'argv_hash', 'env_name_hash', 'cwd_hash', 'argv_display', 'env_names_display'),
  ['env_display', 'omitted-empty', a('name', 'value_display')],
  ...a('cwd_display'),
  ...n('exit_code'),
  [
    'stdio',
    'omitted',
    [
      ['stdout', 'omitted', STREAM],
      ['stderr', 'omitted', STREAM],
    ],
  ],
];

/** Of a session's commands, in its metadata. */
export const COMMAND_SUMMARY: Shape = [
  ...a('mediation_active', 'event_count', 'invocation_count'),
  ['commands', 'always', a('command', 'allowed', 'denied', 'other')],
  ...a('truncated'),
];

/** serde_json, which nono reads with, goes no deeper. */
export const MAX_EVENT_DEPTH = 127;

export const EVENTS: Record<string, Shape> = {
  session_started: [...a('started', 'command'), ['redaction_policy', 'omitted', REDACTION]],
  session_ended: a('ended', 'exit_code'),
  capability_decision: [
    [
      'entry',
      'always',
      [
        ['timestamp', 'always', a('secs_since_epoch', 'nanos_since_epoch')],
        ...a('request', 'decision', 'backend', 'duration_ms'),
      ],
    ],
  ],
  url_open: [['request', 'always', a('request_id', 'url', 'child_pid', 'session_id')], ...a('success'), ...n('error')],
  network: [['event', 'always', NETWORK]],
  sandbox_runtime: [
    [
      'event',
      'always',
      [...a('timestamp', 'platform'), ...o('landlock_abi', 'landlock_execute_enforced'), ...a('tool_sandbox_active')],
    ],
  ],
  command_policy: [['event', 'always', COMMAND]],
};

/**
 * The event as nono writes it: members in declaration order, unknown ones dropped, absent ones as their declaration says. Null when it is
 * none of nono's kinds, lacks a member or gives one twice: nono does not read such an event.
 */
export function nonoEventText(tree: JsonNode): string | null {
  return tagged(tree, { tag: 'type', shapes: EVENTS });
}

function tagged(node: JsonNode, { tag, shapes }: Tagged): string | null {
  if (node.kind !== 'object') return null;
  const type = node.members.filter(({ key }) => key === tag);
  const [first] = type;
  if (first?.value.kind !== 'string' || type.length !== 1) return null;
  const shape = Object.hasOwn(shapes, first.value.value) ? shapes[first.value.value] : undefined;
  const rest = shape && structText(node, shape);
  if (rest === null || rest === undefined) return null;
  const separator = rest === '{}' ? '' : ',';
  return `{${JSON.stringify(tag)}:${JSON.stringify(first.value.value)}${separator}${rest.slice(1)}`;
}

/** An object's members in the order of their declaration. */
export function structText(node: JsonNode, shape: Shape): string | null {
  if (node.kind !== 'object') return null;
  const members: string[] = [];
  for (const [name, presence, of] of shape) {
    const given = node.members.filter(({ key }) => key === name);
    if (given.length > 1) return null;
    const value = given[0]?.value;
    const text = member(name, value, presence, of);
    if (text === null) return null;
    if (text !== '') members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

/** Empty when the member is left out. */
function member(name: string, value: JsonNode | undefined, presence: Presence, of: Shape | undefined): string | null {
  const isNull = value?.kind === 'literal' && value.raw === 'null';
  if (value === undefined || isNull)
    return presence === 'always' || (isNull && presence === 'omitted-empty')
      ? null
      : presence === 'nullable'
        ? 'null'
        : '';
  if (presence === 'omitted-empty' && value.kind === 'array' && value.items.length === 0) return '';
  if (name === 'request' && of === undefined) return tagged(value, { tag: 'capability_type', shapes: REQUESTS });
  if (of === undefined) return plain(value);
  return value.kind === 'array' ? list(value.items, (item) => structText(item, of)) : structText(value, of);
}

/** Strings, numbers, lists of them, and the one enumeration written as an object. */
function plain(node: JsonNode): string | null {
  switch (node.kind) {
    case 'string':
      return JSON.stringify(node.value);
    case 'array':
      return list(node.items, plain);
    case 'literal':
      // There are no fractions anywhere in the format.
      return /^(-?\d+|true|false)$/.test(node.raw) ? node.raw : null;
    case 'object': {
      const [only] = node.members;
      if (node.members.length !== 1 || only?.key !== 'Denied') return null;
      const reason = structText(only.value, a('reason'));
      return reason === null ? null : `{"Denied":${reason}}`;
    }
  }
}

function list(items: readonly JsonNode[], write: (item: JsonNode) => string | null): string | null {
  const texts = items.map(write);
  return texts.includes(null) ? null : `[${texts.join(',')}]`;
}
