import * as z from 'zod';
import { type JsonObject, isObject } from '../../formats/read-line';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { definePredicate } from './predicate';

export const AGENT_ATTESTATION_TYPE = 'https://github.com/occasiolabs/occasio/spec/agent-attestation/v1';
/** As the project was called before; read, never written. */
export const OLD_AGENT_ATTESTATION_TYPE = 'https://github.com/localfirst-ai/localfirst/spec/agent-attestation/v1';

const GENESIS = '0'.repeat(64);
const VERIFIER_URL = 'https://github.com/occasiolabs/occasio/blob/main/docs/audit_walker.py';

const Count = z.lazy(() => z.number().int().min(0));
const Hash = z.lazy(() => z.string().regex(/^[0-9a-f]{64}$/));
const PolicySource = z.lazy(() => z.enum(['user', 'default', 'unknown', 'inferred']));
const GitState = z.lazy(() =>
  z.strictObject({
    is_repo: z.boolean(),
    head: z.string().nullable(),
    branch: z.string().nullable(),
    dirty: z.boolean(),
    changed_files: z.array(z.string()),
    untracked_files: z.array(z.string()),
    diff_hash: z.string().nullable(),
    digest: z.string().nullable(),
  }),
);

/** Occasio's Agent Behavioral Attestation v1, schemas/agent-attestation-v1.json at 596ed356, without `signature`, which is not signed. Every number is an integer: its verifiers refuse others. */
export const AgentAttestation = z.lazy(() =>
  z.strictObject({
    schema_version: z.literal('1.0.0'),
    predicate_type: z.enum([AGENT_ATTESTATION_TYPE, OLD_AGENT_ATTESTATION_TYPE]),
    subject: z.strictObject({
      run_id: z.string(),
      git_commit: z.string().nullish(),
      files_changed: z.array(z.string()).optional(),
      git_state: z
        .strictObject({ provenance: z.literal('chain'), run_start: GitState.nullish(), run_end: GitState.nullish() })
        .optional(),
    }),
    agent: z.strictObject({
      platform: z.string(),
      model: z.string().nullable(),
      session_id: z.string().nullable(),
      started_at: z.string(),
      ended_at: z.string(),
      wall_time_s: Count,
    }),
    policy: z.strictObject({
      file_hash: Hash,
      file_path: z.string().nullable(),
      source: PolicySource,
      version: z.number().int().nullable(),
      rules_digest: z.strictObject({
        deny_paths_count: Count.optional(),
        deny_patterns_count: Count.optional(),
        block_secrets: z.boolean().optional(),
      }),
    }),
    execution_summary: z.strictObject({
      tool_calls: Count,
      local: Count,
      passed: Count,
      blocked: Count,
      transformed: Count,
      secrets_redacted: Count,
      blocked_events: z.array(
        z.strictObject({ tool: z.string(), target: z.string().nullish(), rule: z.string(), at_offset_s: Count }),
      ),
    }),
    audit_chain: z.strictObject({
      genesis: z.literal(GENESIS),
      first_hash: Hash.nullable(),
      last_hash: Hash.nullable(),
      event_count: Count,
      chain_file: z.string(),
      verifier_url: z.string(),
    }),
    generated_at: z.string().optional(),
  }),
);
export type AgentAttestation = z.infer<typeof AgentAttestation>;

/** What the attestation is made of. */
const READ = [
  'kind',
  'ts',
  'iso',
  'hash',
  'agent',
  'model',
  'session_id',
  'action',
  'tool_name',
  'reason',
  'secrets_redacted',
  'policy_source',
] as const;
/** Kinds whose inputs are told. */
const WITH_INPUTS: ReadonlySet<unknown> = new Set(['git_state', 'policy_loaded']);

/** Of a record what an attestation of its run is made of: the rest need not be held while a run is read. */
export function keptForAttestation(record: JsonObject): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const key of READ) if (record[key] !== undefined) kept[key] = record[key];
  if (WITH_INPUTS.has(record.kind) || record.action === 'BLOCK') kept.tool_inputs = record.tool_inputs;
  return kept;
}

export type AgentRun = {
  run: string;
  /** Every record of the run, in the order of the file. */
  records: readonly JsonObject[];
  /** The log's file name: Occasio's verifier looks for it where it runs. */
  chainFile: string;
  generatedAt: string;
};

/**
 * What Occasio says of one run, in Occasio's own words, over the same records: its verifiers take it as theirs. Its subject is the hash of
 * the run's last record, which no file has as its digest; `subject` of the caller follows it, so that blob verifiers find theirs.
 * Without a `policy_loaded` record in the run the policy's hash is zeros, and its source `inferred`: nothing is claimed.
 * @throws Error when the run has no record, or its last one no hash.
 */
export function buildAgentAttestation(run: AgentRun, subject: Statement['subject']): Statement {
  const predicate = AgentAttestation.parse(predicateOf(run));
  const last = predicate.audit_chain.last_hash;
  if (last === null) throw new Error(`run ${run.run} has no hashed record to attest`);
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `occasio:run:${run.run}`, digest: { sha256: last } }, ...subject],
    predicateType: AGENT_ATTESTATION_TYPE,
    predicate,
  };
}

/** The JSON file that `occasio attest verify` compares with the bundle beside it; `signature` says how it was signed and is not covered. */
export function attestationFile(
  predicate: object,
  signature: { identity: string; signedAt: string; payloadSha256: string; logIndex: string | null } | null,
): string {
  const block = signature && {
    type: 'sigstore-cosign-keyless',
    identity: signature.identity,
    rekor_entry: signature.logIndex === null ? null : `https://search.sigstore.dev/?logIndex=${signature.logIndex}`,
    signed_at: signature.signedAt,
    envelope_sha256: signature.payloadSha256,
  };
  return `${JSON.stringify({ ...predicate, signature: block }, null, 2)}\n`;
}

function predicateOf({ run, records, chainFile, generatedAt }: AgentRun): AgentAttestation {
  const startedAt = timeOf(records[0]) ?? generatedAt;
  const endedAt = timeOf(records.at(-1)) ?? startedAt;
  const states = gitStates(records);
  return {
    schema_version: '1.0.0',
    predicate_type: AGENT_ATTESTATION_TYPE,
    subject: { run_id: run, ...states },
    agent: {
      platform: firstText(records, 'agent', (agent) => agent !== 'occasio') ?? 'unknown',
      model: firstText(records, 'model'),
      session_id: firstText(records, 'session_id'),
      started_at: startedAt,
      ended_at: endedAt,
      wall_time_s: secondsBetween(startedAt, endedAt),
    },
    policy: policyOf(records),
    execution_summary: summaryOf(records, startedAt),
    audit_chain: {
      genesis: GENESIS,
      first_hash: hashOf(records[0]),
      last_hash: hashOf(records.at(-1)),
      event_count: records.length,
      chain_file: chainFile,
      verifier_url: VERIFIER_URL,
    },
    generated_at: generatedAt,
  };
}

/**
 * As Occasio's verifiers derive it from the same records: the first state that is not of the end, the last of the end, and of a member that is
 * not there what stands for nothing. Left out where that does not fit the schema: nothing is claimed. The commit is the later of the two heads.
 */
function gitStates(records: readonly JsonObject[]): Pick<AgentAttestation['subject'], 'git_commit' | 'git_state'> {
  const states = records.flatMap(({ kind, tool_inputs: inputs }) =>
    kind === 'git_state' ? [isObject(inputs) ? inputs : {}] : [],
  );
  if (states.length === 0) return {};
  const start = stateOf(states.find(({ phase }) => phase !== 'run_end'));
  const end = stateOf(states.findLast(({ phase }) => phase === 'run_end'));
  if (start === undefined || end === undefined) return {};
  const commit = end?.head ?? start?.head;
  return {
    ...(commit ? { git_commit: commit } : {}),
    git_state: { provenance: 'chain', run_start: start, run_end: end },
  };
}

/** Null when there is none, undefined when it holds what the schema does not. */
function stateOf(inputs: JsonObject | undefined): z.infer<typeof GitState> | null | undefined {
  if (!inputs) return null;
  const list = (value: unknown) => (Array.isArray(value) ? value : []);
  return GitState.safeParse({
    is_repo: Boolean(inputs.is_repo),
    head: inputs.head || null,
    branch: inputs.branch || null,
    dirty: Boolean(inputs.dirty),
    changed_files: list(inputs.changed_files),
    untracked_files: list(inputs.untracked_files),
    diff_hash: inputs.diff_hash || null,
    digest: inputs.digest || null,
  }).data;
}

function policyOf(records: readonly JsonObject[]): AgentAttestation['policy'] {
  const loaded = records.find(({ kind, tool_inputs: inputs }) => kind === 'policy_loaded' && isObject(inputs));
  const inputs = isObject(loaded?.tool_inputs) ? loaded.tool_inputs : null;
  const hash = Hash.safeParse(inputs?.policy_hash).data;
  if (!inputs || !hash)
    return { file_hash: GENESIS, file_path: null, source: 'inferred', version: null, rules_digest: {} };
  const path = text(inputs.policy_path);
  return {
    file_hash: hash,
    file_path: path,
    source: sourceOf(loaded?.policy_source, path),
    version: typeof inputs.version === 'number' && Number.isInteger(inputs.version) ? inputs.version : null,
    rules_digest: {},
  };
}

/** Older records do not say it: a policy with a path is the user's then, one without the default. */
function sourceOf(said: unknown, path: string | null): AgentAttestation['policy']['source'] {
  if (!said) return path === null ? 'default' : 'user';
  return PolicySource.safeParse(said).data ?? 'unknown';
}

function summaryOf(records: readonly JsonObject[], startedAt: string): AgentAttestation['execution_summary'] {
  const calls = records.filter(({ kind }) => kind === 'tool_call');
  const by = (action: string) => calls.filter((call) => call.action === action);
  return {
    tool_calls: calls.length,
    local: by('LOCAL').length,
    passed: by('PASS').length,
    blocked: by('BLOCK').length,
    transformed: by('TRANSFORM').length,
    secrets_redacted: calls.reduce(
      (sum, { secrets_redacted: found }) =>
        sum + (typeof found === 'number' && Number.isInteger(found) && found > 0 ? found : 0),
      0,
    ),
    blocked_events: by('BLOCK').map((call) => {
      const inputs = isObject(call.tool_inputs) ? call.tool_inputs : {};
      return {
        tool: text(call.tool_name) ?? 'unknown',
        target: text(inputs.path) ?? text(inputs.pattern),
        rule: text(call.reason) ?? 'unknown',
        at_offset_s: secondsBetween(startedAt, timeOf(call) ?? startedAt),
      };
    }),
  };
}

function firstText(
  records: readonly JsonObject[],
  key: string,
  counts: (value: string) => boolean = () => true,
): string | null {
  for (const record of records) {
    const value = record[key];
    if (typeof value === 'string' && counts(value)) return value;
  }
  return null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function timeOf(record: JsonObject | undefined): string | null {
  return text(record?.ts) ?? text(record?.iso);
}

function hashOf(record: JsonObject | undefined): string | null {
  return Hash.safeParse(record?.hash).data ?? null;
}

/** Whole seconds, rounded, never negative; 0 when one of the two is no time. */
function secondsBetween(from: string, to: string): number {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

export const agentAttestation = definePredicate({
  type: AGENT_ATTESTATION_TYPE,
  olderTypes: [OLD_AGENT_ATTESTATION_TYPE],
  label: 'Agent run',
  schema: AgentAttestation,
  madeAt: 'generated_at',
  companion: { id: 'agent-attestation', label: 'Occasio agent attestation for each run', make: null },
  build: buildAgentAttestation,
  describe: ({ subject, agent, execution_summary: { tool_calls: calls, blocked } }) =>
    `run ${subject.run_id} of ${agent.platform} made ${calls} tool calls, ${blocked} of them blocked`,
});
