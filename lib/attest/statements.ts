import 'server-only';
import { createHash } from 'node:crypto';
import { type SegmentStatementInput, buildSegmentStatement } from '../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../core/statements/statement';
import type { Facts } from './facts';

export type TreeHead = { size: number; rootHash: string };
type Made = { facts: Facts; tree: TreeHead; checkpoint: string | null; at: Date };

/** Our statement on the records of a scope, with everything that is known of them. */
export function ownStatement(made: Made): Statement {
  return buildSegmentStatement(segmentInput(made));
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
      scope:
        scope.kind === 'range'
          ? { kind: scope.kind }
          : { kind: scope.kind, id: scope.kind === 'session' ? scope.session : scope.run },
      chainVerdict: chain.verdict,
    }),
    verdict: facts.verdict,
    problems,
    rules: runs.map((run) => ({
      id: run.rule_id,
      name: run.rule_name,
      digest: { sha256: run.rule_digest },
      findings: findings.byRule.get(run.rule_id)?.count ?? 0,
    })),
    findings: findings.listed.map((finding) => ({
      id: finding.id,
      rule: finding.rule_id,
      level: finding.level,
      window: { from: finding.window_from.toISOString(), to: finding.window_to.toISOString() },
      count: finding.record_count,
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
    ...(inputs.length > 0 && { inputAttestations: inputs.map(({ sidecarId: _, ...input }) => input) }),
    witnessedHeads: heads.map((head) => ({
      hash: head.hash,
      records: head.records,
      sizeBytes: head.size_bytes,
      observedAt: head.observed_at.toISOString(),
    })),
  };
}

/** As the download of exactly these records is called: a name every file system takes, and another one for every session and run of a chain. */
export function excerptName(chain: string, { scope, covered }: Pick<Facts, 'scope' | 'covered'>): string {
  const part =
    scope.kind === 'session'
      ? `session-${idPart(scope.session)}`
      : scope.kind === 'run'
        ? `run-${idPart(scope.run)}`
        : `records-${covered.first}-${covered.last}`;
  return `${namePart(chain)
    .replace(/^[.-]+/, '_')
    .slice(0, 120)}.${part}.jsonl`;
}

export function namePart(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '_');
}

/** What cannot be written as it is, is told apart by its digest. */
function idPart(id: string): string {
  const plain = namePart(id);
  return plain === id && id.length <= 100
    ? id
    : `${plain.slice(0, 80)}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
