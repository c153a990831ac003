import type { SectionId } from './sections';

/** Why a column cannot be derived again. */
export const REASONS = {
  id: 'an id made here, or what a row is attached to, that no bytes repeat',
  sender: 'who sent it, and what the sender called it: the bytes do not say',
  clock: "this installation's clock when it happened: nothing else saw it",
  person: 'what a person decided here',
  action: 'who did what, to what and when, as it was written when it was done: nothing else says so',
  progress: 'how far jobs have come: another value makes work be done again, or wait, which is shown',
  report: 'what a forwarder or a shipper reported of itself',
  operation: 'a part of running the installation that no verdict, statement or report rests on',
  'sign-in': 'people, sessions and tokens: who may do what, not what the evidence is',
  history: 'what things were when it came or ran, which later uploads, rules and records have changed since',
} as const;
export type Reason = keyof typeof REASONS;

/**
 * How a column is held against what it repeats: by a section of `fsck` that names it, or, of what names a row, by one that misses the row
 * or finds one too many (`key:`); or why it cannot be.
 */
export type Column = SectionId | `key:${SectionId}` | { why: Reason };

const why = (reason: Reason) => ({ why: reason });
const all = <C extends string>(columns: readonly C[], column: Column) => Object.fromEntries(columns.map((name) => [name, column])) as Record<C, Column>; // the names given

const PROBLEM = ['code', 'severity', 'record', 'line', 'byte_offset', 'byte_length', 'expected', 'found', 'message'] as const;

/** Every column of PostgreSQL that is ours, by table. */
export const POSTGRES_COLUMNS: Record<string, Record<string, Column>> = {
  append_keys: all(['chain_id', 'key', 'body_sha256', 'receipt', 'received_at'], why('operation')),
  archives: { id: why('id'), digest: 'key:objects', size_bytes: 'files', file_name: why('sender'), received_by: why('sender'), received_at: why('clock') },
  attestation_bundles: { attestation_id: 'key:bundles', n: 'bundles', predicate_type: 'bundles', digest: 'key:objects', size_bytes: 'bundles' },
  attestation_chains: { attestation_id: 'key:bundles', chain_id: 'key:bundles', verdict: 'bundles', first_record: 'bundles', last_record: 'bundles', records: 'bundles' },
  attestation_policies: all(['chain_id', 'on_close', 'on_seal', 'every_records', 'every_minutes', 'predicates', 'alert_after_minutes', 'changed_by', 'changed_at'], why('person')),
  attestation_requests: all(['id', 'dedupe_key', 'chain_id', 'generation', 'scope', 'cause', 'requested_by', 'requested_at', 'state', 'attempts', 'next_try_at', 'failure', 'failed_at', 'supersedes', 'attestation_id'], why('operation')),
  attestation_segments: { attestation_id: 'key:bundles', digest: 'key:bundles', whole: 'bundles' },
  attestations: {
    id: 'key:bundles',
    generation: why('progress'),
    signer: why('operation'),
    requested_by: why('sender'),
    request_id: why('id'),
    withdrawn_at: 'bundles',
    withdrawn_by: why('person'),
    ...all(['chain_id', 'verdict', 'predicate_type', 'subjects', 'first_record', 'last_record', 'records', 'key_hint', 'bundle_digest', 'bundle_size_bytes', 'signed_at', 'scope', 'tree_size', 'tree_root', 'signed_by', 'signed_by_issuer', 'withdrawn_reason', 'superseded_by', 'excerpt'], 'bundles'),
  },
  audit_log: all(['id', 'occurred_at', 'workspace_id', 'actor_kind', 'actor_id', 'actor_name', 'actor_role', 'action', 'subject_type', 'subject_id', 'details'], why('action')),
  chain_checkpoints: { chain_id: 'key:log', epoch: 'log', size: 'log', root_hash: 'log', note: 'log', signed_at: why('clock') },
  chain_segments: { chain_id: 'key:chains', digest: 'key:chains', ...all(['index', 'upload_id', 'byte_offset', 'size_bytes', 'records', 'first_record', 'lines', 'first_line', 'loaded_generation'], 'chains') },
  chains: {
    id: 'key:chains',
    name: why('sender'),
    format: 'key:chains',
    generation: why('progress'),
    verified_at: why('clock'),
    created_at: why('clock'),
    updated_at: why('clock'),
    sealed_at: why('person'),
    sealed_by: why('person'),
    ...all(['verified_generation', 'loaded_generation', 'detected_generation', 'verdict', 'records', 'size_bytes', 'head', 'problem_counts', 'first_recorded_at', 'last_recorded_at', 'original', 'time_gaps', 'time_steps', 'untimed', 'artefacts'], 'chains'),
  },
  evidence_damage: all(['subject', 'kind', 'noticed_at', 'seen_at', 'healed_at'], why('operation')),
  evidence_sweep: all(['id', 'position', 'started_at', 'objects', 'bytes', 'last_started_at', 'last_ended_at', 'last_objects', 'last_bytes', 'lease_until'], why('operation')),
  finding_chains: { finding_id: 'key:findings', chain_id: 'key:findings', ordinals: 'findings' },
  findings: {
    id: why('id'),
    rule_id: 'key:findings',
    group_key: 'key:findings',
    window_from: 'key:findings',
    status: why('person'),
    found_at: why('clock'),
    ...all(['rule_digest', 'rule_yaml', 'title', 'level', 'group_values', 'window_to', 'measures', 'record_count', 'records', 'superseded_at'], 'findings'),
  },
  heads: { id: why('id'), chain_id: 'key:chains', observed_at: why('clock'), ...all(['upload_id', 'records', 'size_bytes', 'hash', 'state', 'differs_from'], 'chains') },
  job_failures: all(['id', 'kind', 'key', 'chain_id', 'payload', 'attempts', 'cause', 'build', 'first_failed_at', 'last_failed_at', 'next_try_at', 'queued_at'], why('operation')),
  joint_problems: { chain_id: 'key:chains', n: 'key:chains', ...all(PROBLEM, 'chains') },
  kysely_migration: all(['name', 'timestamp'], why('operation')),
  kysely_migration_lock: all(['id', 'is_locked'], why('operation')),
  log_checkpoints: { size: 'key:log', root_hash: 'key:log', note: 'key:log', signed_at: why('clock') },
  log_cosignatures: { size: 'key:log', verifier_key: 'key:log', line: 'log', cosigned_at: 'log' },
  log_entries: { index: 'key:log', kind: 'log', about: 'log', entry: 'key:log', leaf_hash: 'key:log', appended_at: 'log' },
  log_identity: { id: why('id'), origin: 'log', public_key: 'log', created_at: why('clock') },
  log_tiles: all(['level', 'index', 'hash'], 'key:log'),
  log_witnesses: all(['verifier_key', 'url', 'size', 'cosigned_at', 'attempts', 'next_try_at', 'failure', 'failed_at'], why('operation')),
  packages: {
    id: 'packages',
    of: why('person'),
    requested_by: why('sender'),
    requested_by_id: why('sender'),
    requested_at: why('clock'),
    ...all(['attempts', 'next_try_at', 'failure'], why('operation')),
    ...all(['state', 'made_at', 'entries', 'manifest_digest', 'verdict', 'chains', 'key_hint', 'signed_by', 'signed_by_issuer'], 'packages'),
  },
  probes: all(['id', 'probed_at'], why('operation')),
  re_encoders: all(['chain_id', 'shipper', 'records', 'last_at'], why('report')),
  rule_runs: { id: why('id'), chain_id: 'key:findings', generation: 'key:findings', rule_id: 'key:findings', rule_name: 'findings', ...all(['rule_digest', 'window_from', 'window_to', 'records', 'findings'], why('history')), ran_at: why('clock') },
  rule_texts: { digest: 'key:findings', yaml: 'findings' },
  segment_checks: { digest: 'key:chains', format: 'key:chains', engine: 'chains', verdict: 'chains', result: 'chains', checked_at: why('clock') },
  segment_problems: { digest: 'key:chains', format: 'key:chains', n: 'key:chains', ...all(PROBLEM, 'chains') },
  segment_trees: { format: 'key:trees', phase: 'key:trees', ...all(['digest', 'records', 'damaged', 'head', 'tiles', 'tail_offset', 'tail'], 'trees') },
  sign_in_failures: all(['account_sha256', 'failed_at'], why('sign-in')),
  setup_tokens: all(['token_sha256', 'created_at', 'used_at'], why('sign-in')),
  sidecars: {
    id: why('id'),
    digest: 'key:objects',
    size_bytes: 'files',
    received_at: why('clock'),
    ...all(['chain_id', 'kind', 'file_name', 'archive_sha256', 'received_by'], why('sender')),
    ...all(['set_aside_by', 'set_aside_at'], why('person')),
  },
  signing_keys: { hint: 'keys', algorithm: 'keys', public_key_pem: 'keys', created_at: why('clock'), retired_at: why('person') },
  tail_alarms: all(['id', 'chain_id', 'kind', 'at_byte', 'detail', 'raised_at', 'received_at', 'received_by'], why('report')),
  tail_pieces: all(['chain_id', 'byte_offset', 'bytes', 'sha256', 'seal'], 'key:chains'),
  tail_problems: { chain_id: 'key:chains', n: why('operation'), ...all(PROBLEM, 'chains') },
  tails: {
    chain_id: 'key:chains',
    version: 'key:chains',
    size_bytes: 'key:chains',
    complete_bytes: 'key:chains',
    closed_bytes: 'chains',
    seal: 'key:chains',
    opened_at: why('clock'),
    appended_at: why('clock'),
    appended_by: why('sender'),
    appended_by_id: why('sender'),
    appenders: why('sender'),
    lag_bytes: why('report'),
    close_wanted: why('operation'),
    ...all(['loaded_bytes', 'loaded_records', 'searched_records'], 'key:chains'),
    loaded_lines: 'chains',
    ...all(['closed_records', 'closed_lines', 'records', 'result', 'seal_key'], 'chains'),
  },
  tool_keys: { id: why('id'), name: why('person'), algorithm: 'keys', fingerprint: 'keys', public_key_pem: 'keys', added_by: why('person'), added_at: why('clock'), retired_by: why('person'), retired_at: why('person') },
  upload_segments: { upload_id: 'key:chains', index: 'chains', digest: 'key:objects', size_bytes: 'chains' },
  uploads: {
    id: 'key:chains',
    chain_id: 'key:chains',
    received_at: why('clock'),
    ...all(['sha256', 'size_bytes', 'records', 'segments', 'placement', 'forked_at', 'archive_sha256'], 'chains'),
    ...all(['file_name', 'archive_paths', 'original_encoding', 'original_sha256', 'original_size_bytes', 'received_by', 'received_by_id'], why('sender')),
  },
  watched_logs: all(['host', 'log', 'chain', 'phase', 'message', 'lag_bytes', 'seen_at'], why('report')),
  workers: all(['id', 'seen_at'], why('operation')),
};

/** Tables another library makes and owns, every column of them. */
export const FOREIGN_TABLES: Record<string, Reason> = { account: 'sign-in', apikey: 'sign-in', session: 'sign-in', user: 'sign-in', verification: 'sign-in' };

/** Every table of the lake is examined: records column by column, steps by their ids. */
export const LAKE_TABLES: Record<string, SectionId> = { events: 'lake', lake_migrations: 'lake' };
