import type { FormatId } from '../chain/format';
import { DECISIONS, type Decision } from './decisions';

export { DECISIONS, type Decision };

/**
 * What a field holds, and how the lake stores it: a text (`word` for few different ones), one of the decisions, a time, a whole number of up to
 * 32 or 53 bits, an amount with a fraction.
 */
export type FieldType = 'text' | 'word' | 'decision' | 'time' | 'count32' | 'count53' | 'amount';

type EventField = {
  /** Of the lake's column, in rules, CSV files and documentation. */
  readonly name: string;
  /** The same in the API and in code. */
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  /** Shorter names, or those people try first: searches take them too. */
  readonly also?: readonly string[];
  /** One sentence for documentation. */
  readonly about: string;
  /** Whether rules may use it. */
  readonly inRules: boolean;
  /** Which formats fill it, and from what of their records. */
  readonly from: Readonly<Partial<Record<FormatId, string>>>;
};

/** The fields of a record as every guardrail's records are searched, counted and matched by rules. The one list of them, in the order of the lake's columns. */
export const EVENT_FIELDS = [
  {
    name: 'recorded_at',
    also: ['time'],
    key: 'recordedAt',
    label: 'Time',
    type: 'time',
    inRules: false,
    about: 'When the record says it was written, UTC, to the microsecond.',
    from: {
      occasio: 'ts',
      arbiter: 'timestamp',
      nono: 'the time of each kind of event',
      agentfence: 'timestamp',
      vouch: 'created_at',
      'sealtrail-activity': 'body.time',
    },
  },
  {
    name: 'kind',
    key: 'kind',
    label: 'Kind',
    type: 'word',
    inRules: true,
    about: "The writer's own type of record.",
    from: {
      occasio: 'kind',
      arbiter: '`tool_call`, always',
      nono: 'event.type',
      agentfence: 'mode and memory_write: `tool_call`, `dry_run`, `memory_write` or `parse_error`',
      vouch: 'event',
      'sealtrail-activity': 'body.subject.type',
    },
  },
  {
    name: 'agent',
    key: 'agent',
    label: 'Agent',
    type: 'word',
    inRules: true,
    about: 'Who acted.',
    from: {
      occasio: 'agent',
      arbiter: 'agent_id',
      nono: 'the command a session starts',
      vouch: 'actor',
      'sealtrail-activity': '`sealtrail`, always',
    },
  },
  {
    name: 'session_id',
    also: ['session'],
    key: 'sessionId',
    label: 'Session',
    type: 'text',
    inRules: true,
    about: 'The session the record is of.',
    from: {
      occasio: 'session_id',
      arbiter: 'task_session_id',
      nono: 'session_id of requests and commands',
      agentfence: 'session_id',
      vouch: 'data.session_id',
    },
  },
  {
    name: 'run_id',
    also: ['run'],
    key: 'runId',
    label: 'Run',
    type: 'text',
    inRules: true,
    about: 'The run, request or call within the session.',
    from: { occasio: 'run_id', arbiter: 'request_id', nono: 'request_id', agentfence: 'call_id', vouch: 'id' },
  },
  {
    name: 'tool',
    key: 'tool',
    label: 'Tool',
    type: 'word',
    inRules: true,
    about: 'The tool that was called.',
    from: {
      occasio: 'tool_name',
      arbiter: 'tool_called',
      nono: 'the capability, the command, the mode of the network, or `url_open`',
      agentfence: 'tool',
      vouch: 'event',
      'sealtrail-activity': 'body.action',
    },
  },
  {
    name: 'decision',
    key: 'decision',
    label: 'Decision',
    type: 'decision',
    inRules: true,
    about:
      'What was decided: `allow`, `deny`, `ask`, `transform`, `local`, `error`, or `info` for records of no decision.',
    from: {
      occasio: 'action; of requests, event_type',
      arbiter: 'authorization_decision and failure_category',
      nono: 'the decision of each kind of event',
      agentfence: 'decision',
      vouch: 'event, of proposals',
      'sealtrail-activity': 'body.action: what was refused is denied, all else allowed',
    },
  },
  {
    name: 'reason',
    key: 'reason',
    label: 'Reason',
    type: 'text',
    inRules: true,
    about: 'Why, in the words of the writer.',
    from: {
      occasio: 'reason, else event_type',
      arbiter: 'failure_category, anomaly_flags, inspection_findings, upstream_status',
      nono: 'the reason, the category of the denial, or the exit code',
      agentfence: 'reason',
      vouch: 'data.reason, else data.note',
    },
  },
  {
    name: 'policy',
    key: 'policy',
    label: 'Policy',
    type: 'word',
    inRules: true,
    about: 'The policy or rule that decided.',
    from: {
      occasio: 'classification.matched_rule, else policy_decision.policy_name, else policy_source',
      arbiter: 'policy_matched',
      nono: 'the rule or the backend that decided',
      agentfence: 'policy_digest',
      vouch: 'kb_id',
      'sealtrail-activity': 'body.actor.role',
    },
  },
  {
    name: 'target',
    also: ['path', 'resource'],
    key: 'target',
    label: 'Target',
    type: 'text',
    inRules: true,
    about: 'The file, address, command or other resource acted on.',
    from: {
      occasio: 'tool_inputs, else tool.raw_command',
      arbiter: 'arguments',
      nono: 'the path, host, address or command',
      agentfence: 'arguments',
      vouch: 'object_ids, else data',
      'sealtrail-activity': 'body.subject.id',
    },
  },
  {
    name: 'protocol',
    key: 'protocol',
    label: 'Protocol',
    type: 'word',
    inRules: true,
    about: 'The protocol or method.',
    from: {
      occasio: 'protocol',
      nono: 'protocol of requests, else their method; method of network events',
      agentfence: '`mcp`, always',
    },
  },
  {
    name: 'model',
    key: 'model',
    label: 'Model',
    type: 'word',
    inRules: true,
    about: 'The language model.',
    from: { occasio: 'model', vouch: 'data.model' },
  },
  {
    name: 'secrets_redacted',
    also: ['secrets'],
    key: 'secretsRedacted',
    label: 'Secrets redacted',
    type: 'count32',
    inRules: true,
    about: 'How many secrets were taken out before the record was written.',
    from: {
      occasio: 'secrets_redacted or secret_redacted_count, the greater',
      arbiter: '`[REDACTED]` in arguments',
      nono: '`[REDACTED]` in the command a session starts',
      agentfence: '`[REDACTED]` in arguments',
    },
  },
  {
    name: 'input_tokens',
    key: 'inputTokens',
    label: 'Tokens in',
    type: 'count53',
    inRules: true,
    about: 'Tokens the model was given.',
    from: { occasio: 'input_tokens' },
  },
  {
    name: 'output_tokens',
    key: 'outputTokens',
    label: 'Tokens out',
    type: 'count53',
    inRules: true,
    about: 'Tokens the model answered.',
    from: { occasio: 'output_tokens' },
  },
  {
    name: 'cost_usd',
    also: ['cost'],
    key: 'costUsd',
    label: 'Cost',
    type: 'amount',
    inRules: true,
    about: 'In US dollars.',
    from: { occasio: 'cost' },
  },
  {
    name: 'latency_ms',
    also: ['latency'],
    key: 'latencyMs',
    label: 'Latency',
    type: 'count32',
    inRules: true,
    about: 'In milliseconds.',
    from: { arbiter: 'latency_ms', nono: 'duration_ms of capability decisions' },
  },
  {
    name: 'original_decision',
    key: 'originalDecision',
    label: 'Decision as written',
    type: 'word',
    inRules: true,
    about: 'The decision in the word of the writer.',
    from: {
      occasio: 'action; of requests, event_type',
      arbiter: 'authorization_decision',
      nono: 'the decision of capabilities, network events and commands',
      agentfence: 'decision',
      vouch: 'the last word of event, of proposals',
      'sealtrail-activity': 'body.details.verdictBefore: the verdict of a finding that was given another',
    },
  },
  {
    name: 'reason_code',
    also: ['code'],
    key: 'reasonCode',
    label: 'Reason code',
    type: 'word',
    inRules: true,
    about: 'Why, as a code of the writer.',
    from: {
      occasio: 'event_type',
      arbiter: 'failure_category',
      nono: 'denial_category of network events',
      agentfence: 'reason_code',
      'sealtrail-activity': 'body.details.given, the role; else body.details.why',
    },
  },
  {
    name: 'policy_digest',
    key: 'policyDigest',
    label: 'Policy digest',
    type: 'word',
    inRules: true,
    about: 'The digest of the policy in force, as the writer states it.',
    from: { occasio: 'tool_inputs.policy_hash', agentfence: 'policy_digest' },
  },
  {
    name: 'resource_class',
    also: ['class'],
    key: 'resourceClass',
    label: 'Class of target',
    type: 'word',
    inRules: true,
    about: 'What the target is: `path`, `host`, `url`, `command`, `pattern`, `query` or `object`.',
    from: {
      occasio: 'the member the target is from',
      arbiter: 'the member the target is from',
      nono: 'the kind of event and of capability',
      agentfence: 'the member the target is from',
      vouch: 'the member the target is from',
      'sealtrail-activity': '`object`, always',
    },
  },
  {
    name: 'host',
    key: 'host',
    label: 'Host',
    type: 'word',
    inRules: true,
    about: 'The host that was contacted, in lower case, without its port.',
    from: {
      occasio: 'the target, where it is a URL',
      arbiter: 'the target, where it is a URL',
      nono: 'host, upstream or target, or that of the URL',
      agentfence: 'the target, where it is a URL',
      vouch: 'the target, where it is a URL',
    },
  },
  {
    name: 'actor',
    key: 'actor',
    label: 'Actor',
    type: 'word',
    inRules: true,
    about: 'The identity the agent acted as, or what called it.',
    from: {
      occasio: 'actor.id, else actor.type',
      nono: 'caller of commands',
      vouch: 'actor',
      'sealtrail-activity': 'body.actor.name',
    },
  },
  {
    name: 'delegator',
    key: 'delegator',
    label: 'Delegator',
    type: 'word',
    inRules: true,
    about: 'On whose behalf.',
    from: {
      occasio: 'delegator.id, else delegator.type',
      arbiter: 'delegation_chain',
      nono: 'spiffe_context.delegation, on_behalf_of, else authorized_by',
      'sealtrail-activity': 'body.actor.kind',
    },
  },
  {
    name: 'upstream_status',
    also: ['status'],
    key: 'upstreamStatus',
    label: 'Upstream status',
    type: 'count32',
    inRules: true,
    about: 'The status the server behind the guardrail answered.',
    from: { arbiter: 'upstream_status', nono: 'status of network events' },
  },
  {
    name: 'flags',
    key: 'flags',
    label: 'Flags',
    type: 'text',
    inRules: true,
    about:
      'What is marked of the record, separated by commas; `untimed` where it states no time between 1970 and 2261 that can be read, `extra-cut` where not all of the rest is kept.',
    from: {
      occasio: '`approval-pending`, `dirty` (of the repository), `distilled`',
      arbiter: 'anomaly_flags, inspection_findings',
      nono: 'of network events `auth-failed`, `managed-credential`',
      agentfence: '`dry-run`',
      vouch: '`dry-run`, `irreversible`',
    },
  },
  {
    name: 'argument_shape',
    also: ['shape'],
    key: 'argumentShape',
    label: 'Arguments',
    type: 'word',
    inRules: true,
    about:
      'The names of the arguments that a tool was called with, sorted, in braces: `{command,env}`; `{}` of a call without any.',
    from: { occasio: 'tool_inputs', arbiter: 'arguments', agentfence: 'arguments' },
  },
  {
    name: 'extra',
    key: 'extra',
    label: 'The rest',
    type: 'text',
    inRules: false,
    about:
      'Other members of the record and their values, as a JSON object of texts: 32 at most, each of 256 characters at most, inputs of tools and hashes left out.',
    from: {
      occasio: 'the other members',
      arbiter: 'the other members',
      nono: 'the other members of the event',
      agentfence: 'the other members',
      vouch: 'the other members of data',
      'sealtrail-activity': 'body.details',
    },
  },
] as const satisfies readonly EventField[];

export type Field = (typeof EVENT_FIELDS)[number];

type Value<T extends FieldType> = T extends 'text' | 'word'
  ? string
  : T extends 'decision'
    ? Decision
    : T extends 'time'
      ? string | null
      : number;

/**
 * One record in the vocabulary of the lake. Empty text and zero mean that the record does not say. `recordedAt` is RFC 3339 UTC, up to
 * nanoseconds as written; null when unreadable.
 */
export type NormalisedEvent = { [F in Field as F['key']]: Value<F['type']> };

type RecordFieldType = 'uuid' | 'position' | 'sequence' | 'text' | 'word' | 'count32';
type RecordField = {
  readonly name: string;
  readonly key: string;
  readonly type: RecordFieldType;
  readonly about: string;
  readonly inRules: boolean;
};

/** What is known of a record beside what it states: where it stands. Columns of the lake too, before those of the event. */
export const PLACE_FIELDS = [
  { name: 'chain_id', key: 'chainId', type: 'uuid', inRules: true, about: 'The chain.' },
  {
    name: 'segment_index',
    key: 'segmentIndex',
    type: 'count32',
    inRules: false,
    about: 'The segment within the chain.',
  },
  {
    name: 'segment_digest',
    key: 'segmentDigest',
    type: 'word',
    inRules: false,
    about: 'SHA-256 of the segment; empty while it is open.',
  },
  { name: 'ordinal', key: 'ordinal', type: 'position', inRules: false, about: 'Place in the chain, from 0.' },
  { name: 'line', key: 'line', type: 'position', inRules: false, about: 'Line in the log, from 1.' },
  {
    name: 'byte_offset',
    key: 'byteOffset',
    type: 'position',
    inRules: false,
    about: 'Byte of the log at which the record begins.',
  },
  { name: 'byte_length', key: 'byteLength', type: 'count32', inRules: false, about: 'Bytes of the record.' },
  { name: 'format', key: 'format', type: 'word', inRules: true, about: 'The format of the log.' },
] as const satisfies readonly RecordField[];

/** And what came of its check; behind those of the event. */
export const PROOF_FIELDS = [
  { name: 'hash', key: 'hash', type: 'text', inRules: false, about: "The record's own hash, as it states it." },
  {
    name: 'prev_hash',
    key: 'prevHash',
    type: 'text',
    inRules: false,
    about: 'The hash of its predecessor, as it states it.',
  },
  { name: 'sequence', key: 'sequence', type: 'sequence', inRules: false, about: "The writer's own number." },
  {
    name: 'integrity',
    key: 'integrity',
    type: 'word',
    inRules: true,
    about: '`ok`, or the code of the worst problem at the record.',
  },
] as const satisfies readonly RecordField[];

/** Every column of the lake's table of events, in its order. */
export const COLUMNS = [...PLACE_FIELDS, ...EVENT_FIELDS, ...PROOF_FIELDS] as const;
export type ColumnType = (typeof COLUMNS)[number]['type'];

type RecordValue<T extends ColumnType> = T extends FieldType
  ? Value<T>
  : T extends 'sequence'
    ? number | null
    : T extends 'position'
      ? number
      : string;

/** A record as the lake has it: where it stands, what it states, and what came of its check. */
export type EventRecord = { [C in (typeof COLUMNS)[number] as C['key']]: RecordValue<C['type']> };
