import 'server-only';
import { createHash } from 'node:crypto';
import { exitCode } from '../core/chain/verdict';
import { canonicalJson } from '../core/statements/dsse';
import { type SegmentStatementInput, buildSegmentStatement } from '../core/statements/predicates/audit-chain-segment';
import { buildTestResult } from '../core/statements/predicates/test-result';
import { buildVerificationResult } from '../core/statements/predicates/verification-result';
import { buildVerificationSummary, levelOf } from '../core/statements/predicates/verification-summary';
import type { Statement } from '../core/statements/statement';
import type { CompanionPredicate } from '../schemas/attestation-requests';
import type { Facts } from './facts';

/** Findings a statement lists; `rules` counts them all. */
const MAX_FINDINGS = 1_000;

export type TreeHead = { size: number; rootHash: string };
type Made = { facts: Facts; tree: TreeHead; checkpoint: string | null; publicUrl: string; at: Date };

/** Our statement, and beside it those that say the same to tools that know nothing of chains. The first is ours. */
export function statementsOf(made: Made, companions: readonly CompanionPredicate[]): Statement[] {
  const ours = buildSegmentStatement(segmentInput(made));
  return [ours, ...companions.flatMap((companion) => companionOf(companion, made, ours.subject))];
}

function segmentInput({ facts, tree, checkpoint, at }: Made): SegmentStatementInput {
  const { chain, covered, format, segments, uploads, problems, runs, findings, heads, scope, inputs } = facts;
  return {
    files: covered.excerpt ? [] : uploads.map(({ file_name: name, sha256 }) => ({ name, sha256 })),
    ...(covered.excerpt && { excerpt: { name: excerptName(chain.name, facts), sha256: covered.excerpt.sha256 } }),
    chain: { name: chain.name, id: chain.id },
    format: format.id,
    tool: facts.tool,
    recordRange: { first: covered.first, last: covered.last, count: covered.count },
    hashes: { algorithm: format.hashAlgorithm, ...facts.hashes },
    countsByDecision: facts.countsByDecision,
    ...(scope.kind !== 'chain' && {
      scope: scope.kind === 'range' ? { kind: scope.kind } : { kind: scope.kind, id: scope.kind === 'session' ? scope.session : scope.run },
      chainVerdict: chain.verdict,
    }),
    verdict: facts.verdict,
    problems,
    rules: runs.map((run) => ({ id: run.rule_id, name: run.rule_name, digest: { sha256: run.rule_digest }, findings: findings.filter(({ rule_id: rule }) => rule === run.rule_id).length })),
    findings: findings.slice(0, MAX_FINDINGS).map((finding) => ({
      id: finding.id,
      rule: finding.rule_id,
      level: finding.level,
      window: { from: finding.window_from.toISOString(), to: finding.window_to.toISOString() },
      count: finding.peak,
      records: finding.ordinals,
    })),
    segments: segments.map((segment) => ({
      name: `${segment.digest}.jsonl`,
      digest: { sha256: segment.digest },
      byteOffset: segment.byte_offset,
      sizeBytes: segment.size_bytes,
      records: segment.records,
    })),
    timeRange: facts.timeRange,
    verifiedAt: (chain.verified_at ?? at).toISOString(),
    attestedAt: at.toISOString(),
    tree,
    ...(checkpoint && { checkpoint }),
    ...(inputs.length > 0 && { inputAttestations: inputs }),
    witnessedHeads: heads.map((head) => ({ hash: head.hash, records: head.records, sizeBytes: head.size_bytes, observedAt: head.observed_at.toISOString() })),
  };
}

/** As the download of exactly these records is called: a name every file system takes, and another one for every session and run of a chain. */
export function excerptName(chain: string, { scope, covered }: Pick<Facts, 'scope' | 'covered'>): string {
  const part = scope.kind === 'session' ? `session-${idPart(scope.session)}` : scope.kind === 'run' ? `run-${idPart(scope.run)}` : `records-${covered.first}-${covered.last}`;
  return `${namePart(chain).replace(/^[.-]+/, '_').slice(0, 120)}.${part}.jsonl`;
}

function namePart(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '_');
}

/** What cannot be written as it is, is told apart by its digest. */
function idPart(id: string): string {
  const plain = namePart(id);
  return plain === id && id.length <= 100 ? id : `${plain.slice(0, 80)}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}

function companionOf(companion: CompanionPredicate, { facts, publicUrl, at }: Made, subject: Statement['subject']): Statement[] {
  const { chain, runs, findings, verdict, tool, inputs } = facts;
  const verifierId = `https://sealtrail.dev/verifier/${tool.version}`;
  const resourceUri = `${publicUrl}/chains/${chain.id}`;
  const rules = runs.map(({ rule_id: id, rule_name: name, rule_digest: sha256 }) => ({ id, name, digest: { sha256 } }));
  const policy = { uri: 'https://sealtrail.dev/policy/audit-chain/v1', digest: { sha256: createHash('sha256').update(canonicalJson({ format: facts.format.id, rules })).digest('hex') } };
  const verifiedAt = at.toISOString();
  switch (companion) {
    case 'vsa':
      return [
        buildVerificationSummary({
          subject,
          verifierId,
          verifiedAt,
          resourceUri,
          verdict,
          policy,
          inputAttestations: inputs.map(({ name, digest }) => ({ uri: `${resourceUri}/sidecars/${encodeURIComponent(name)}`, digest })),
        }),
      ];
    case 'svr':
      return [buildVerificationResult({ subject, verifierId, verifiedAt, policies: [policy, ...rules.map(({ id, digest }) => ({ name: `${id}.yml`, digest }))], properties: propertiesOf(facts) })];
    case 'test-result':
      return [buildTestResult({ subject, rules: rules.map((rule) => ({ ...rule, levels: findings.filter((finding) => finding.rule_id === rule.id).map(({ level }) => level) })), url: resourceUri })];
    case 'agent-attestation':
      return []; // per run: it is made of the run's records
  }
}

/** What holds; nothing is said of what does not. */
function propertiesOf({ verdict, findings, heads, inputs }: Facts): string[] {
  const holds = exitCode(verdict) === 0;
  return [
    ...(holds ? [levelOf(verdict), 'AUDIT_CHAIN_LINKS_VERIFIED', 'AUDIT_CHAIN_NO_GAPS'] : []),
    ...(holds && heads.length > 0 ? ['AUDIT_CHAIN_WITNESSED'] : []),
    ...(inputs.length > 0 && inputs.every((input) => input.holds === true) ? ['AUDIT_CHAIN_TOOL_ATTESTATION_VERIFIED'] : []),
    ...(findings.some(({ level }) => level === 'high' || level === 'critical') ? [] : ['AUDIT_RULES_NO_HIGH_FINDINGS']),
  ];
}
