import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely';
import type { ChainCheck, SegmentCheck } from '../core/chain/check';
import type { ProblemCode, ProblemCounts, Severity } from '../core/chain/problem';
import type { StoredVerdict, Verdict } from '../core/chain/verdict';
import type { FormatId } from '../core/chain/format';
import type { TimeGap } from '../core/chain/time-gaps';
import type { HeadRelation } from '../core/chain/witness';
import type { ReferenceFinding } from '../core/chain/reference-verifier';
import type { Measures } from '../core/rules/kinds/measures';
import type { Role } from '../schemas/roles';
import type { SidecarFact, SidecarKind } from '../schemas/sidecars';
import type { KeyAlgorithm } from '../schemas/tool-keys';
import type { FindingChanges, FindingStatus, FindingVerdict } from '../schemas/triage';
import type { UploadRelation } from '../schemas/uploads';
import type { ViewSearch } from '../schemas/views';
import type {
  AttestationBundlesTable,
  AttestationChainsTable,
  AttestationPoliciesTable,
  AttestationRequestsTable,
  AttestationSegmentsTable,
  AttestationsTable,
} from './attestation-tables';
import type {
  ActivityCarryTable,
  ActivityFoldsTable,
  ActivityLinesTable,
  ActivityPendingTable,
} from './activity-tables';
import type { AuditLogTable } from './audit-table';
import type { EvidenceDamageTable, EvidenceSweepTable } from './evidence-tables';
import type {
  AnnouncedVerdictsTable,
  NotificationDeliveriesTable,
  NotificationDestinationsTable,
  NotificationEventsTable,
} from './notification-tables';
import type { SuppressedFindingsTable, SuppressionsTable } from './suppression-tables';
import type { CaseActsTable, CaseFindingsTable, CasesTable } from './case-tables';
import type { PackagesTable } from './package-tables';
import type { ReportDefinitionDestinationsTable, ReportDefinitionsTable } from './report-definition-table';
import type { ReportRunsTable } from './report-run-tables';
import type {
  ChainDeletionsTable,
  DeletedObjectsTable,
  LegalHoldsTable,
  RetentionPoliciesTable,
} from './retention-tables';
import type { ShareLinksTable } from './share-link-table';
import type { TailAlarmsTable, WatchedLogsTable } from './forwarder-tables';
import type { JobFailuresTable } from './job-failure-table';
import type {
  LogCheckpointsTable,
  LogCosignaturesTable,
  LogEntriesTable,
  LogIdentityTable,
  LogTilesTable,
  LogWitnessesTable,
} from './log-tables';
import type { ChainFiguresTable, FigureChangesTable, VerdictFiguresTable } from './figure-tables';
import type {
  OwnRulesTable,
  RuleBackfillsTable,
  RuleCostsTable,
  RuleLookResultsTable,
  RuleLooksTable,
  RuleSetsTable,
  RuleSettingsTable,
  RuleVersionsTable,
} from './rule-tables';
import type { ReSerialisingShippersTable } from './re-serialising-shippers';
import type { AppendKeysTable, TailPiecesTable, TailProblemsTable, TailsTable } from './tail-tables';
import type { ChainCheckpointsTable, SegmentTreesTable } from './tree-tables';

/** int8 columns: read as numbers (all our counts stay under 2^53; the pool's parser refuses more). */
type Big = number;
type At = Date;
type Json<T extends object | null> = JSONColumnType<T>;

export type ChainsTable = {
  id: Generated<string>;
  name: string;
  format: FormatId;
  /** Bumped in the transaction that changes the list of segments. */
  generation: number;
  /** Generation the columns below were derived from; behind `generation` means pending. */
  verified_generation: Generated<number>;
  loaded_generation: Generated<number>;
  detected_generation: Generated<number>;
  verdict: Generated<StoredVerdict>;
  records: Big;
  size_bytes: Big;
  head: string | null;
  problem_counts: ColumnType<ProblemCounts, string | undefined, string>;
  first_recorded_at: string | null;
  last_recorded_at: string | null;
  verified_at: At | null;
  /** The longest gaps in time between its records, longest first, as the walk found them; null until the next join. */
  time_gaps: ColumnType<TimeGap[] | null, string | null | undefined, string | null>;
  /** Where its time goes back, and its records that state no time that can be read; as `time_gaps`. */
  time_steps: ColumnType<ChainCheck['timeSteps'] | null, string | null | undefined, string | null>;
  untimed: ColumnType<ChainCheck['untimed'] | null, string | null | undefined, string | null>;
  /** What the sidecar files of the log, and the signatures in it, prove or disprove of it; as of the last join. */
  checked_sidecars: ColumnType<SidecarFact[], string | undefined, string>;
  /** Nothing is taken in after this. */
  sealed_at: At | null;
  sealed_by: string | null;
  /** What the tool's own verifier says of the chain as it stands; null until that is followed, and where there is none. */
  reference_verifier: ColumnType<ReferenceFinding | null, string | null | undefined, string | null>;
  created_at: Generated<At>;
  updated_at: Generated<At>;
};

export type UploadsTable = {
  id: Generated<string>;
  chain_id: string;
  file_name: string;
  sha256: string;
  size_bytes: Big;
  records: Big;
  segments: number;
  relation: UploadRelation;
  /** 0-based ordinal of the first record that was another one than before, when it forked or rewrote. */
  forked_at: Big | null;
  /** Evidence object of the archive it came in, and its paths there in order. */
  archive_sha256: string | null;
  archive_paths: ColumnType<string[] | null, string | null, string | null>;
  received_encoding: 'gzip' | 'zstd' | null;
  received_sha256: string | null;
  received_size_bytes: Big | null;
  received_by: string;
  /** Tells senders of one name apart; null where that was not kept. */
  received_by_id: string | null;
  received_at: Generated<At>;
};

/** Archives as they were received; what was in them are uploads and sidecars of their own. */
type ArchivesTable = {
  id: Generated<string>;
  digest: string;
  size_bytes: Big;
  file_name: string;
  received_by: string;
  received_at: Generated<At>;
};

/** Files beside a log that say something of it. */
export type SidecarsTable = {
  id: Generated<string>;
  chain_id: string;
  kind: SidecarKind;
  digest: string;
  size_bytes: Big;
  file_name: string;
  archive_sha256: string | null;
  received_by: string;
  received_at: Generated<At>;
  /** Set while it does not count. */
  set_aside_by: string | null;
  set_aside_at: At | null;
};

/** Public keys of the tools that write logs; never deleted, only retired. */
type ToolKeysTable = {
  id: Generated<string>;
  name: string;
  algorithm: KeyAlgorithm;
  /** SHA-256 of the SPKI DER, lower-case hex. */
  fingerprint: string;
  public_key_pem: string;
  added_by: string;
  added_at: Generated<At>;
  retired_by: string | null;
  retired_at: At | null;
};

/** What one upload consisted of, for ever. */
type UploadSegmentsTable = { upload_id: string; index: number; digest: string; size_bytes: Big };

/** The chain as it stands: its segments in order. */
export type ChainSegmentsTable = {
  chain_id: string;
  index: number;
  digest: string;
  upload_id: string;
  byte_offset: Big;
  size_bytes: Big;
  /** Non-blank lines until verified, then records. */
  records: Big;
  first_record: Big;
  /** Newlines in the segment. */
  lines: Big;
  /** 0-based physical line the segment starts at. */
  first_line: Big;
  /** Generation this row was loaded into the lake for; null when it is not there. */
  loaded_generation: number | null;
};

type SegmentChecksTable = {
  digest: string;
  format: FormatId;
  /** Version of the checker; a newer one makes the row stale. */
  engine: number;
  verdict: Verdict;
  result: Json<SegmentCheck>;
  checked_at: Generated<At>;
};

type ProblemColumns = {
  n: number;
  code: ProblemCode;
  severity: Severity;
  record: Big;
  line: Big;
  byte_offset: Big;
  byte_length: Big;
  expected: string | null;
  found: string | null;
  message: string;
};
type SegmentProblemsTable = ProblemColumns & { digest: string; format: FormatId };
type BoundaryProblemsTable = ProblemColumns & { chain_id: string };

type HeadsTable = {
  id: Generated<string>;
  chain_id: string;
  upload_id: string | null;
  records: Big;
  size_bytes: Big;
  hash: string;
  observed_at: Generated<At>;
  /** How the chain related to it when it was last joined; null when it was not joined since the head was seen. */
  state: HeadRelation['state'] | null;
  differs_from: Big | null;
};

/** The text of every rule that ran, under the SHA-256 of its bytes. */
type RuleTextsTable = { digest: string; yaml: string };
type RuleRunsTable = {
  id: Generated<string>;
  chain_id: string;
  generation: number;
  rule_id: string;
  rule_name: string;
  rule_digest: string;
  window_from: At;
  window_to: At;
  /** Of the chain that the rule has seen by now; -1 when that was not noted. */
  records: number;
  findings: number;
  ran_at: Generated<At>;
};

type FindingRecordJson = {
  chainId: string;
  ordinal: number;
  segmentDigest: string | null;
  byteOffset: number;
  byteLength: number;
  hash: string;
  recordedAt: string;
};

/** What the kind of its rule states of a finding; of one about stored evidence no rule counted records. */
type FindingMeasures = Measures | { kind: 'evidence' };

export type FindingsTable = {
  id: Generated<string>;
  rule_id: string;
  rule_digest: string;
  rule_yaml: string;
  title: string;
  level: 'critical' | 'high' | 'medium' | 'low' | 'informational';
  status: Generated<FindingStatus>;
  verdict: FindingVerdict | null;
  /** A person's id. */
  assignee_id: string | null;
  /** When somebody took it up first, and when it was decided; the latter only while it is. */
  acknowledged_at: At | null;
  decided_at: At | null;
  group_key: string;
  group_values: ColumnType<Record<string, string>, string, string>;
  window_from: At;
  window_to: At;
  measures: ColumnType<FindingMeasures, string, string>;
  record_count: number;
  records: ColumnType<FindingRecordJson[], string, string>;
  found_at: Generated<At>;
  /** Set when the same rule no longer finds it in the records as they stand. */
  superseded_at: At | null;
  /** Whether a suppression leaves too few records of it that was not ended, nor told of as expired. */
  suppressed: Generated<boolean>;
};
/** The chains the records of a finding lie in, and their ordinals there; the first 1,000. */
type FindingChainsTable = { finding_id: string; chain_id: string; ordinals: ColumnType<number[], string, string> };

/** What people did about findings; rows are only ever added. */
type FindingActsTable = {
  id: Generated<string>;
  finding_id: string;
  acted_at: At;
  actor_kind: 'person' | 'token' | 'system';
  actor_id: string;
  /** As it was then. */
  actor_name: string;
  changes: ColumnType<FindingChanges, string, never>;
  /** Records in evidence then; null where that was not noted. */
  record_count: number | null;
  comment: string | null;
  /** The change of several findings it was part of, and what the finding was before it. */
  change_id: string | null;
  before: ColumnType<object | null, string | null, never>;
  /** The change that it undoes. */
  undoes: string | null;
};

type SigningKeysTable = {
  hint: string;
  algorithm: string;
  public_key_pem: string;
  created_at: Generated<At>;
  retired_at: Generated<At | null>;
};
/** Workers, by the last sign of life. */
type WorkersTable = { id: string; seen_at: At };
/** Of the last quarter of an hour. */
type SignInFailuresTable = { account_sha256: string; failed_at: At };
/** Of the authenticator app of a person; sealed. `confirmed_at` null while it is being set up. */
type TotpSecretsTable = {
  person_id: string;
  secret_sealed: string;
  created_at: At;
  confirmed_at: At | null;
  /** Of the code that was taken last: none of it or of one before is taken again. */
  last_step: Generated<number>;
};
type RecoveryCodesTable = { person_id: string; code_sha256: string; created_at: At; used_at: At | null };
type PasskeysTable = {
  id: Generated<string>;
  /** As its authenticator calls it: base64url. */
  credential_id: string;
  person_id: string;
  name: string;
  /** COSE. */
  public_key: Buffer;
  /** How often the authenticator says it has signed; 0 of one that does not count. */
  counter: Big;
  transports: string[];
  is_backed_up: boolean;
  created_at: At;
  last_used_at: At | null;
  /** Since when it is refused, because there is a copy of its authenticator. */
  refused_at: At | null;
};
type AnsweredChallengesTable = { challenge_sha256: string; answered_at: At };
/** One row, or none while nothing was ever decided. */
type AccessPolicyTable = {
  is_only: Generated<boolean>;
  requires_second_factor: boolean;
  changed_by: string;
  changed_by_id: string;
  changed_at: At;
};
type WorkspacesTable = { id: string; name: string; created_by: string; created_at: Generated<At> };
/** Of further workspaces: the default one has the role with the person, which is `none` for who is no member. */
type WorkspaceMembersTable = {
  workspace_id: string;
  person_id: string;
  role: Role;
  is_disabled: Generated<boolean>;
  since: Generated<At>;
};
type SetupTokensTable = { token_sha256: string; created_at: Generated<At>; used_at: At | null };

/** better-auth's tables, as far as we read them; it makes and owns them. */
type UserTable = {
  id: string;
  name: string;
  email: string;
  role: string | null;
  /** Disabled: nobody signs in as them, and what they made to sign in with is refused. */
  banned: boolean | null;
  createdAt: At;
};
type AccountTable = {
  id: string;
  userId: string;
  /** `credential` for a password; of an identity provider its issuer. */
  providerId: string;
  /** The subject at that provider. */
  accountId: string;
  /** Of a password its hash. */
  password: string | null;
};
type SessionTable = {
  id: string;
  userId: string;
  createdAt: At;
  /** When it was used last, to five minutes. */
  updatedAt: At;
  expiresAt: At;
  ipAddress: string | null;
  userAgent: string | null;
};
type ApikeyTable = {
  id: string;
  key: string;
  name: string | null;
  start: string | null;
  permissions: string | null;
  createdAt: At;
  lastRequest: At | null;
  expiresAt: At | null;
  /** The person it was made by. */
  referenceId: string;
};

/** What lets one person in once: `role` is that of an invitation, `person_id` whose password is reset. Only the SHA-256 of a link is kept. */
type AccessLinksTable = {
  id: Generated<string>;
  token_sha256: string;
  kind: 'invitation' | 'password';
  email: string;
  role: Role | null;
  person_id: string | null;
  created_by: string;
  created_at: At;
  expires_at: At;
  /** When it was used, or taken back. */
  ended_at: At | null;
};

/** Columns and the like, as one person likes them. */
type PreferencesTable = { person_id: string; name: string; value: ColumnType<unknown, string, string>; updated_at: At };

/** Saved searches. `search` is a `ViewSearch`. */
type ViewsTable = {
  id: Generated<string>;
  workspace_id: string;
  owner_id: string;
  owner_name: string;
  name: string;
  is_shared: boolean;
  search: ColumnType<ViewSearch, string, string>;
  created_at: At;
  updated_at: At;
};
export type AccessLinkRow = Selectable<AccessLinksTable>;
export type ViewRow = Selectable<ViewsTable>;

export type Database = {
  activity_carry: ActivityCarryTable;
  activity_folds: ActivityFoldsTable;
  activity_lines: ActivityLinesTable;
  activity_pending: ActivityPendingTable;
  audit_log: AuditLogTable;
  user: UserTable;
  account: AccountTable;
  session: SessionTable;
  access_links: AccessLinksTable;
  apikey: ApikeyTable;
  chains: ChainsTable;
  uploads: UploadsTable;
  archives: ArchivesTable;
  sidecars: SidecarsTable;
  tool_keys: ToolKeysTable;
  upload_segments: UploadSegmentsTable;
  chain_segments: ChainSegmentsTable;
  segment_checks: SegmentChecksTable;
  segment_problems: SegmentProblemsTable;
  boundary_problems: BoundaryProblemsTable;
  heads: HeadsTable;
  rule_runs: RuleRunsTable;
  rule_texts: RuleTextsTable;
  own_rules: OwnRulesTable;
  rule_versions: RuleVersionsTable;
  rule_settings: RuleSettingsTable;
  rule_backfills: RuleBackfillsTable;
  rule_costs: RuleCostsTable;
  rule_sets: RuleSetsTable;
  rule_looks: RuleLooksTable;
  rule_look_results: RuleLookResultsTable;
  findings: FindingsTable;
  finding_chains: FindingChainsTable;
  finding_acts: FindingActsTable;
  suppressions: SuppressionsTable;
  suppressed_findings: SuppressedFindingsTable;
  cases: CasesTable;
  case_findings: CaseFindingsTable;
  case_acts: CaseActsTable;
  attestations: AttestationsTable;
  attestation_segments: AttestationSegmentsTable;
  attestation_chains: AttestationChainsTable;
  attestation_bundles: AttestationBundlesTable;
  attestation_requests: AttestationRequestsTable;
  attestation_policies: AttestationPoliciesTable;
  packages: PackagesTable;
  report_definition_destinations: ReportDefinitionDestinationsTable;
  report_definitions: ReportDefinitionsTable;
  report_runs: ReportRunsTable;
  retention_policies: RetentionPoliciesTable;
  legal_holds: LegalHoldsTable;
  chain_deletions: ChainDeletionsTable;
  deleted_objects: DeletedObjectsTable;
  notification_destinations: NotificationDestinationsTable;
  notification_events: NotificationEventsTable;
  notification_deliveries: NotificationDeliveriesTable;
  announced_verdicts: AnnouncedVerdictsTable;
  auth_schema: { is_only: Generated<boolean>; digest: string };
  evidence_damage: EvidenceDamageTable;
  evidence_sweep: EvidenceSweepTable;
  segment_trees: SegmentTreesTable;
  chain_checkpoints: ChainCheckpointsTable;
  log_identity: LogIdentityTable;
  log_entries: LogEntriesTable;
  log_tiles: LogTilesTable;
  log_checkpoints: LogCheckpointsTable;
  log_witnesses: LogWitnessesTable;
  log_cosignatures: LogCosignaturesTable;
  signing_keys: SigningKeysTable;
  setup_tokens: SetupTokensTable;
  sign_in_failures: SignInFailuresTable;
  totp_secrets: TotpSecretsTable;
  recovery_codes: RecoveryCodesTable;
  access_policy: AccessPolicyTable;
  share_links: ShareLinksTable;
  passkeys: PasskeysTable;
  answered_challenges: AnsweredChallengesTable;
  preferences: PreferencesTable;
  views: ViewsTable;
  chain_figures: ChainFiguresTable;
  verdict_figures: VerdictFiguresTable;
  figure_changes: FigureChangesTable;
  workers: WorkersTable;
  job_failures: JobFailuresTable;
  tails: TailsTable;
  tail_pieces: TailPiecesTable;
  tail_alarms: TailAlarmsTable;
  watched_logs: WatchedLogsTable;
  tail_problems: TailProblemsTable;
  re_serialising_shippers: ReSerialisingShippersTable;
  append_keys: AppendKeysTable;
  probes: { id: string; probed_at: At };
  workspaces: WorkspacesTable;
  workspace_members: WorkspaceMembersTable;
  session_workspaces: { session_id: string; workspace_id: string };
  /** Of a further workspace alone: when its members signed in, which is recorded in the default one. */
  sign_ins: { id: string; actor_id: string; occurred_at: At };
  /** Of a further workspace alone: those of its members who are members of others too. */
  shared_people: { person_id: string };
};
