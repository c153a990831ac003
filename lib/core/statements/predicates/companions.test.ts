import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { VERDICTS, exitCode } from '../../chain/verdict';
import type { Level } from '../../rules/rule';
import { readObject } from '../../formats/read-line';
import { describeStatement } from '../describe';
import { statementPayload } from '../dsse';
import { ResourceDescriptor } from '../resource';
import { Statement } from '../statement';
import {
  AGENT_ATTESTATION_TYPE,
  AgentAttestation,
  OLD_AGENT_ATTESTATION_TYPE,
  attestationFile,
  buildAgentAttestation,
  keptForAttestation,
} from './agent-attestation';
import { AUDIT_PERIOD_TYPE, AuditPeriod, buildPeriodStatement } from './audit-period';
import { EVIDENCE_PACKAGE_TYPE, EvidencePackage } from './evidence-package';
import { CHAIN_TOMBSTONE_TYPE, ChainTombstone, buildTombstoneStatement } from './chain-tombstone';
import { REPORT_RUN_TYPE, ReportRun, buildReportRunStatement } from './report-run';
import { buildTestResult } from './test-result';
import { VerificationResult, buildVerificationResult } from './verification-result';
import { buildVerificationSummary } from './verification-summary';

const subject: Statement['subject'] = [{ name: 'a.jsonl', digest: { sha256: 'a'.repeat(64) } }];
const rules = ['one', 'two', 'three'].map((id) => ({ id, name: `Rule ${id}`, digest: { sha256: 'c'.repeat(64) } }));
const policy = { uri: 'https://sealtrail.example/policies/b', digest: { sha256: 'b'.repeat(64) } };
const common = {
  subject,
  verifier: { id: 'https://sealtrail.example', version: { sealtrail: '0.1.0' } },
  verifiedAt: '2026-05-12T09:00:01.000Z',
};
const standing = (verdict: (typeof VERDICTS)[number], hasUncovered = false) => ({ verdict, hasUncovered });
const summary = (verdict: (typeof VERDICTS)[number], hasUncovered = false) =>
  buildVerificationSummary({
    ...common,
    resourceUri: 'http://127.0.0.1/chains/1',
    standing: standing(verdict, hasUncovered),
    policy,
    inputAttestations: [],
  });

/** The messages as github.com/in-toto/attestation publishes them at protos/in_toto_attestation, by name, number and type of their fields; `verifier.version` as slsa.dev/spec/v1.2/verification_summary has it. */
const published = protobuf.parse(`syntax = "proto3";
  message Descriptor { string name = 1; string uri = 2; map<string, string> digest = 3; bytes content = 4; string downloadLocation = 5; string mediaType = 6; Any annotations = 7; }
  message Any {}
  message Verifier { string id = 1; map<string, string> version = 2; }
  message Uri { string uri = 1; map<string, string> digest = 2; }
  message VerificationSummary { Verifier verifier = 1; string timeVerified = 2; string resourceUri = 3; Uri policy = 4; repeated Uri inputAttestations = 5; string verificationResult = 6; repeated string verifiedLevels = 7; map<string, uint64> dependencyLevels = 8; string slsaVersion = 9; }
  message TestResult { string result = 1; repeated Descriptor configuration = 2; string url = 3; repeated string passedTests = 4; repeated string warnedTests = 5; repeated string failedTests = 6; }`).root;

/** Fields a value has that the published message does not, at any depth but inside annotations. */
function unknownFields(type: protobuf.Type, value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const field = type.fields[key];
    if (!field) return [`${path}${key}`];
    const inner = field.resolve().resolvedType;
    if (!(inner instanceof protobuf.Type) || inner.name === 'Any' || field.map) return [];
    return (field.repeated ? (member as object[]) : [member as object]).flatMap((one) =>
      unknownFields(inner, one, `${path}${key}.`),
    ); // by the type just read
  });
}

describe('Verification Summary v1', () => {
  it.each(VERDICTS)('says of %s what the exit code of our own verifier says', (verdict) => {
    const statement = summary(verdict);
    const type = published.lookupType('VerificationSummary');
    expect(statement.predicate).toMatchObject({ verificationResult: exitCode(verdict) === 0 ? 'PASSED' : 'FAILED' });
    expect(type.verify(statement.predicate ?? {})).toBeNull();
    expect(unknownFields(type, statement.predicate ?? {})).toEqual([]);
    expect(Statement.parse(statement)).toEqual(statement);
    expect(describeStatement(statement)).toMatch(exitCode(verdict) === 0 ? /says PASSED/ : /says FAILED/);
  });

  it.each(VERDICTS)('does not pass %s when some of the content is under no hash', (verdict) => {
    expect(summary(verdict, true).predicate).toMatchObject({
      verificationResult: 'FAILED',
      verifiedLevels: ['FAILED'],
    });
  });

  it('claims no level of SLSA', () => {
    for (const verdict of VERDICTS) expect(JSON.stringify(summary(verdict).predicate)).not.toContain('SLSA_');
  });
});

describe('Verification Result v0.2', () => {
  it('names its policies and the properties that hold, in an order of its own', () => {
    const one = [{ name: 'one.yml', digest: { sha256: 'c'.repeat(64) } }];
    const { predicate } = buildVerificationResult({
      ...common,
      standing: standing('restarted'),
      policies: one,
      more: ['B', 'A'],
    });
    expect(predicate).toEqual({
      verifier: { ...common.verifier, policies: one },
      timeCreated: common.verifiedAt,
      properties: ['A', 'AUDIT_CHAIN_LINKS_VERIFIED', 'AUDIT_CHAIN_NO_GAPS', 'AUDIT_CHAIN_RESTARTED', 'B'],
    });
  });

  it.each(VERDICTS)('names no property at all of %s when it does not pass', (verdict) => {
    for (const hasUncovered of [false, true]) {
      const { predicate } = buildVerificationResult({
        ...common,
        standing: standing(verdict, hasUncovered),
        policies: [],
        more: ['AUDIT_RULES_NO_HIGH_FINDINGS'],
      });
      expect(VerificationResult.parse(predicate).properties.length > 0).toBe(exitCode(verdict) === 0 && !hasUncovered);
    }
  });

  it('refuses a descriptor that points at nothing', () => {
    expect(ResourceDescriptor.safeParse({ name: 'x' }).success).toBe(false);
  });
});

describe('Test Result v0.1', () => {
  const outcomes = (levels: readonly (readonly Level[])[]) =>
    rules.map((rule, at) => ({ ...rule, levels: levels[at] ?? [] }));
  const chain = 'audit-chain-integrity';
  it.each([
    [[[], [], []], 'PASSED', [chain, 'one', 'two', 'three'], [], []],
    [[[], ['low', 'medium'], []], 'WARNED', [chain, 'one', 'three'], ['two'], []],
    [[['informational'], ['high', 'low'], ['critical']], 'FAILED', [chain], ['one'], ['two', 'three']],
  ] as const)('of rules that found %j is %s', (levels, result, passedTests, warnedTests, failedTests) => {
    const { predicate } = buildTestResult({
      subject,
      standing: standing('verified'),
      policy,
      rules: outcomes(levels),
      url: 'http://127.0.0.1/chains/1',
    });
    expect(predicate).toMatchObject({ result, passedTests, warnedTests, failedTests });
    expect(predicate).toHaveProperty('configuration', [
      policy,
      ...rules.map(({ id, name, digest }) => ({ name: `${id}.yml`, digest, annotations: { title: name } })),
    ]);
    const type = published.lookupType('TestResult');
    expect(unknownFields(type, predicate ?? {})).toEqual([]);
  });

  it.each(VERDICTS)('is FAILED of a log that is %s and does not hold, whatever rules found', (verdict) => {
    for (const hasUncovered of [false, true]) {
      const statement = buildTestResult({
        subject,
        standing: standing(verdict, hasUncovered),
        policy,
        rules: outcomes([]),
        url: 'http://127.0.0.1/chains/1',
      });
      const holds = exitCode(verdict) === 0 && !hasUncovered;
      expect(statement.predicate).toMatchObject({
        result: !holds ? 'FAILED' : verdict === 'verified' ? 'PASSED' : 'WARNED',
        failedTests: holds ? [] : [chain],
      });
      expect(describeStatement(statement)).toContain(
        holds ? 'the log holds; of 3 rules 0' : 'the log does not hold; of 3 rules 0',
      );
    }
  });
});

describe('Agent Attestation v1', () => {
  const lines = readFileSync(new URL('../../formats/occasio/fixtures/valid.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const run = '3f2a9d1c-0001-4000-8000-000000000001';
  const records = lines
    .map((line) => readObject(new TextEncoder().encode(line)))
    .filter((record) => record.run_id === run);
  const statement = buildAgentAttestation(
    { run, records, chainFile: 'valid.jsonl', generatedAt: '2026-05-12T09:00:01.000Z' },
    subject,
  );
  const predicate = AgentAttestation.parse(statement.predicate);

  it('commits to the run by the hashes of its first and last record', () => {
    const hash = (line: string | undefined) => /"hash":"([0-9a-f]{64})"}$/.exec(line ?? '')?.[1];
    expect(predicate.audit_chain).toMatchObject({
      first_hash: hash(lines[1]),
      last_hash: hash(lines.at(-1)),
      event_count: 227,
    });
    expect(statement.subject[0]).toEqual({ name: `occasio:run:${run}`, digest: { sha256: hash(lines.at(-1)) } });
    expect(statement.subject.slice(1)).toEqual(subject);
  });

  it('counts what the records say', () => {
    const calls = records.filter(({ kind }) => kind === 'tool_call');
    expect(predicate.execution_summary).toMatchObject({
      tool_calls: calls.length,
      blocked: calls.filter(({ action }) => action === 'BLOCK').length,
    });
    expect(predicate.execution_summary.blocked_events).toHaveLength(predicate.execution_summary.blocked);
    expect(predicate.execution_summary.blocked_events[0]).toEqual({
      tool: 'grep',
      target: '/srv/repo',
      rule: 'path-denied',
      at_offset_s: 61,
    });
    expect(predicate.agent).toMatchObject({
      platform: 'claude-code',
      session_id: 'sess-1',
      started_at: '2026-05-11T08:01:01.000Z',
      ended_at: '2026-05-11T11:50:47.000Z',
      wall_time_s: 13_786,
    });
  });

  it('binds the state of the repository the run recorded', () => {
    expect(predicate.subject).toMatchObject({
      run_id: run,
      git_commit: 'a'.repeat(40),
      git_state: {
        provenance: 'chain',
        run_start: { dirty: false },
        run_end: { dirty: true, changed_files: ['src/a b.ts', 'src/ü.ts'] },
      },
    });
  });

  // What deriveGitState of Occasio's docs/verify_bundle.py at b69bf823 makes of the same records.
  const nothing = {
    is_repo: false,
    head: null,
    branch: null,
    dirty: false,
    changed_files: [],
    untracked_files: [],
    diff_hash: null,
    digest: null,
  };
  it.each<[string, object[], object | undefined]>([
    [
      'no repository, told in the fewest words',
      [
        { phase: 'run_start', is_repo: false },
        { phase: 'run_end', is_repo: false },
      ],
      { run_start: nothing, run_end: nothing },
    ],
    [
      'a repository without a commit',
      [{ phase: 'run_start', is_repo: true, head: '', changed_files: null }],
      { run_start: { ...nothing, is_repo: true }, run_end: null },
    ],
    [
      'a state without a phase, which counts as the start',
      [
        { head: 'b'.repeat(40), dirty: 1 },
        { phase: 'run_start', head: 'c'.repeat(40) },
      ],
      { run_start: { ...nothing, head: 'b'.repeat(40), dirty: true }, run_end: null },
    ],
    [
      'several ends, of which the last counts',
      [
        { phase: 'run_end', branch: 'one' },
        { phase: 'run_end', branch: 'two' },
      ],
      { run_start: null, run_end: { ...nothing, branch: 'two' } },
    ],
    ['a head that is no text, of which nothing is claimed', [{ phase: 'run_start', head: 7 }], undefined],
  ])('binds of %s what the original derives', (_, states, derived) => {
    const rows = states.map((inputs) =>
      readObject(
        new TextEncoder().encode(
          JSON.stringify({
            kind: 'git_state',
            tool_inputs: inputs,
            hash: 'a'.repeat(64),
            ts: '2026-05-11T08:01:01.000Z',
          }),
        ),
      ),
    );
    const made = AgentAttestation.parse(
      buildAgentAttestation(
        { run, records: rows.map(keptForAttestation), chainFile: 'x.jsonl', generatedAt: '2026-05-12T09:00:01.000Z' },
        [],
      ).predicate,
    );
    expect(made.subject.git_state).toEqual(derived && { provenance: 'chain', ...derived });
  });

  it.each([
    [{ policy_path: '/p.yml' }, undefined, { source: 'user', file_path: '/p.yml' }],
    [{}, undefined, { source: 'default', file_path: null }],
    [{ policy_path: '/p.yml' }, 'default', { source: 'default' }],
    [{ policy_path: '/p.yml' }, 'elsewhere', { source: 'unknown' }],
  ])('takes of a policy loaded with %j, source %s, what the original takes', (inputs, source, policy) => {
    const row = readObject(
      new TextEncoder().encode(
        JSON.stringify({
          kind: 'policy_loaded',
          policy_source: source,
          tool_inputs: { policy_hash: 'ab'.repeat(32), ...inputs },
          hash: 'a'.repeat(64),
        }),
      ),
    );
    expect(
      buildAgentAttestation(
        { run, records: [keptForAttestation(row)], chainFile: 'x.jsonl', generatedAt: '2026-05-12T09:00:01.000Z' },
        [],
      ).predicate,
    ).toMatchObject({ policy });
  });

  it('claims no policy that the run did not record', () => {
    expect(predicate.policy).toMatchObject({ source: 'inferred', file_hash: '0'.repeat(64), file_path: null });
    const all = lines.map((line) => readObject(new TextEncoder().encode(line)));
    const whole = AgentAttestation.parse(
      buildAgentAttestation(
        { run, records: all, chainFile: 'valid.jsonl', generatedAt: '2026-05-12T09:00:01.000Z' },
        [],
      ).predicate,
    );
    expect(whole.policy).toMatchObject({ source: 'user', file_hash: 'ab'.repeat(32), version: 1 });
  });

  it('holds integers alone, which is all its verifiers take', () => {
    const numbers: number[] = [];
    JSON.stringify(statement, (_, value: unknown) =>
      typeof value === 'number' ? (numbers.push(value), value) : value,
    );
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers.every(Number.isInteger)).toBe(true);
  });

  it('has a file beside it that is the predicate and how it was signed', () => {
    const file: unknown = JSON.parse(
      attestationFile(predicate, {
        identity: 'ci@example.com',
        signedAt: '2026-05-12T09:00:02Z',
        payloadSha256: 'd'.repeat(64),
        logIndex: '42',
      }),
    );
    const { signature, ...rest } = file as { signature: object }; // of our own making
    expect(new TextDecoder().decode(statementPayload(rest))).toBe(
      new TextDecoder().decode(statementPayload(predicate)),
    );
    expect(signature).toEqual({
      type: 'sigstore-cosign-keyless',
      identity: 'ci@example.com',
      rekor_entry: 'https://search.sigstore.dev/?logIndex=42',
      signed_at: '2026-05-12T09:00:02Z',
      envelope_sha256: 'd'.repeat(64),
    });
  });

  it('is read under its old name too', () => {
    const old = {
      ...statement,
      predicateType: OLD_AGENT_ATTESTATION_TYPE,
      predicate: { ...predicate, predicate_type: OLD_AGENT_ATTESTATION_TYPE },
    };
    expect(describeStatement(old)).toBe(describeStatement({ ...statement, predicateType: AGENT_ATTESTATION_TYPE }));
  });

  it('is not made of a run without a hash', () => {
    expect(() =>
      buildAgentAttestation(
        { run: 'x', records: [{ kind: 'tool_call' }], chainFile: 'x', generatedAt: '2026-05-12T09:00:01.000Z' },
        [],
      ),
    ).toThrow(/no hashed record/);
  });
});

describe('audit-period/v1', () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const input: AuditPeriod = {
    period: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
    tool: { name: 'sealtrail', version: '0.1.0' },
    verdict: 'tampered',
    chains: ['one', 'two'].map((name, at) => ({
      chain: { name, id: name },
      format: 'occasio',
      verdict: at === 0 ? ('verified' as const) : ('tampered' as const),
      problemCounts: {},
      recordRange: { first: 0, last: 9, count: 10 },
      segments: [{ name: 'same.jsonl', digest: { sha256: 'e'.repeat(64) } }],
      tree: { size: 10, rootHash: String(at).repeat(64) },
    })),
    rules: [],
    findingsByLevel: {},
    findings: [],
    attestedAt: '2026-06-01T09:00:00Z',
  };

  it('has the JSON Schema that is published, and every field specified', () => {
    expect(JSON.parse(read('audit-period.schema.json'))).toEqual({
      $id: AUDIT_PERIOD_TYPE,
      title: 'Audit Period',
      ...z.toJSONSchema(AuditPeriod, { io: 'input' }),
    });
    const described = [...read('audit-period.md').matchAll(/^`(\w+)` \*/gm)].map(([, name]) => name);
    expect(described.toSorted()).toEqual(Object.keys(AuditPeriod.shape).toSorted());
  });

  it('names each segment once and the root of each tree', () => {
    const statement = buildPeriodStatement(input);
    expect(statement.subject.map(({ name }) => name)).toEqual(['same.jsonl', 'one/tree-head-10', 'two/tree-head-10']);
    expect(describeStatement(statement)).toContain(
      '2 chains from 2026-05-01T00:00:00Z to 2026-06-01T00:00:00Z were found tampered',
    );
  });
});

describe('evidence-package/v1', () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

  it('has the JSON Schema that is published, and every field specified', () => {
    expect(JSON.parse(read('evidence-package.schema.json'))).toEqual({
      $id: EVIDENCE_PACKAGE_TYPE,
      title: 'Evidence Package',
      ...z.toJSONSchema(EvidencePackage, { io: 'input' }),
    });
    const described = [...read('evidence-package.md').matchAll(/^(`\w+`(?:, `\w+`)*) \*/gm)].flatMap(([, names = '']) =>
      names.replaceAll(/[`\s]/g, '').split(','),
    );
    expect(described.toSorted()).toEqual(Object.keys(EvidencePackage.shape).toSorted());
  });
});

describe('report-run/v1', () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const input: ReportRun = {
    run: { id: 'one' },
    period: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
    tool: { name: 'sealtrail', version: '0.1.0' },
    records: 12,
    chains: 2,
    byVerdict: { verified: 1, damaged: 1 },
    createdAt: '2026-06-01T09:00:00Z',
  };

  it('has the JSON Schema that is published, and every field specified', () => {
    expect(JSON.parse(read('report-run.schema.json'))).toEqual({
      $id: REPORT_RUN_TYPE,
      title: 'Report Run',
      ...z.toJSONSchema(ReportRun, { io: 'input' }),
    });
    const described = [...read('report-run.md').matchAll(/^(`\w+`(?:, `\w+`)*) \*/gm)].flatMap(([, names = '']) =>
      names.replaceAll(/[`\s]/g, '').split(','),
    );
    expect(described.toSorted()).toEqual(Object.keys(ReportRun.shape).toSorted());
  });

  it('has every file as a subject, and says of which period it is', () => {
    const files = ['report.json', 'run.json'].map((path, n) => ({ path, sha256: String(n).repeat(64) }));
    const statement = buildReportRunStatement(files, input);
    expect(statement.subject).toEqual(files.map(({ path: name, sha256 }) => ({ name, digest: { sha256 } })));
    expect(describeStatement(statement)).toContain(
      'the report from 2026-05-01T00:00:00Z to 2026-06-01T00:00:00Z: 12 records of 2 chains',
    );
    expect(() => buildReportRunStatement([{ path: 'a', sha256: 'no' }], input)).toThrow();
  });
});

describe('chain-tombstone/v1', () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const input: ChainTombstone = {
    chain: { id: 'one', name: 'agent' },
    format: 'occasio',
    tool: { name: 'sealtrail', version: '0.1.0' },
    verdict: 'verified',
    problemCounts: {},
    records: 12,
    sizeBytes: 1_200,
    head: 'a'.repeat(64),
    firstRecordedAt: '2026-01-01T00:00:00Z',
    lastRecordedAt: '2026-01-02T00:00:00Z',
    receivedUntil: '2026-01-03T00:00:00Z',
    segments: [{ sha256: 'b'.repeat(64), sizeBytes: 1_200, firstRecord: 0, records: 12, lastHash: 'a'.repeat(64) }],
    attestations: [{ sha256: 'c'.repeat(64) }],
    retention: { keepDays: 184, endedAt: '2026-07-06T00:00:00Z' },
    deletedAt: '2026-07-07T00:00:00Z',
  };

  it('has the JSON Schema that is published, and every field specified', () => {
    expect(JSON.parse(read('chain-tombstone.schema.json'))).toEqual({
      $id: CHAIN_TOMBSTONE_TYPE,
      title: 'Chain Tombstone',
      ...z.toJSONSchema(ChainTombstone, { io: 'input' }),
    });
    const described = [...read('chain-tombstone.md').matchAll(/^(`\w+`(?:, `\w+`)*) \*/gm)].flatMap(([, names = '']) =>
      names.replaceAll(/[`\s]/g, '').split(','),
    );
    expect(described.toSorted()).toEqual(Object.keys(ChainTombstone.shape).toSorted());
  });

  it('has every object that is deleted as a subject, and says what the chain was', () => {
    const objects = [{ name: 'segments/b.jsonl', sha256: 'b'.repeat(64) }];
    const statement = buildTombstoneStatement(objects, input);
    expect(statement.subject).toEqual([{ name: 'segments/b.jsonl', digest: { sha256: 'b'.repeat(64) } }]);
    expect(describeStatement(statement)).toContain('chain "agent" was deleted: 12 records, kept for 184 days');
    expect(() => buildTombstoneStatement(objects, { ...input, retention: { keepDays: 0, endedAt: '' } })).toThrow();
  });
});
