import 'server-only';
import type { Context } from '../context';
import { excerptNamed } from '../core/statements/excerpt-name';
import { AUDIT_CHAIN_POLICY } from '../core/statements/policies/audit-chain';
import { treeSubject } from '../core/statements/predicates/audit-chain-segment';
import { buildTestResult } from '../core/statements/predicates/test-result';
import { buildVerificationResult } from '../core/statements/predicates/verification-result';
import { buildVerificationSummary } from '../core/statements/predicates/verification-summary';
import { passes } from '../core/statements/standing';
import type { Statement } from '../core/statements/statement';
import type { CompanionPredicate } from '../schemas/attestation-requests';
import type { Facts } from './facts';
import { type TreeHead, excerptName, namePart } from './statements';
import { wholeDigests } from './whole-digest';

type Made = { attestationId: string; facts: Facts; tree: TreeHead; at: Date };

/**
 * What says the same to tools that know nothing of chains: they read subjects and a result. Their subjects are the bytes their result is about
 * and no others. Of part of a chain that is the excerpt of its records. Of a whole chain it is the chain's bytes and the root over all of its
 * records, and its segments as long as it passes: of one that does not, some segments may well hold.
 */
export async function companionStatements(ctx: Context, made: Made, companions: readonly CompanionPredicate[]): Promise<Statement[]> {
  const asked = companions.filter((companion) => companion !== 'agent-attestation'); // per run: it is made of the run's records
  if (asked.length === 0) return [];
  const subject = await subjectsOf(ctx, made);
  return asked.map((companion) => companionOf(ctx, companion, made, subject));
}

function companionOf({ env: { publicUrl } }: Context, companion: Exclude<CompanionPredicate, 'agent-attestation'>, { attestationId, facts, at }: Made, subject: Statement['subject']): Statement {
  const { chain, runs, findings, standing, tool, inputs, covered, segments } = facts;
  const verifier = { id: publicUrl, version: { [tool.name]: tool.version } };
  const [segment] = segments;
  // One segment is a file of its own name for good; anything else is put together again.
  const resourceUri = !covered.excerpt && segment && segments.length === 1 ? `${publicUrl}/api/v1/segments/${segment.digest}/bytes` : `${publicUrl}/api/v1/attestations/${attestationId}/records`;
  const rules = runs.map(({ rule_id: id, rule_name: name, rule_digest: sha256 }) => ({ id, name, digest: { sha256 } }));
  const policy = { uri: `${publicUrl}/policies/${AUDIT_CHAIN_POLICY.sha256}`, digest: { sha256: AUDIT_CHAIN_POLICY.sha256 } };
  const verifiedAt = (chain.verified_at ?? at).toISOString();
  switch (companion) {
    case 'vsa': {
      const inputAttestations = inputs.map(({ sidecarId, digest }) => ({ uri: `${publicUrl}/api/v1/chains/${chain.id}/sidecars/${sidecarId}`, digest }));
      return buildVerificationSummary({ subject, verifier, verifiedAt, resourceUri, standing, policy, inputAttestations });
    }
    case 'svr':
      return buildVerificationResult({ subject, verifier, verifiedAt, standing, policies: [{ name: AUDIT_CHAIN_POLICY.name, ...policy }, ...rules.map(({ id, digest }) => ({ name: `${id}.yml`, digest }))], more: propertiesOf(facts) });
    case 'test-result': {
      const outcomes = rules.map((rule) => ({ ...rule, levels: findings.filter((finding) => finding.rule_id === rule.id).map(({ level }) => level) }));
      return buildTestResult({ subject, standing, policy: { name: AUDIT_CHAIN_POLICY.name, ...policy }, rules: outcomes, url: `${publicUrl}/chains/${chain.id}` });
    }
  }
}

async function subjectsOf(ctx: Context, { facts, tree }: Made): Promise<Statement['subject']> {
  const { chain, covered, segments, uploads, standing } = facts;
  if (covered.excerpt) return [{ name: excerptName(chain.name, facts), digest: { sha256: covered.excerpt.sha256 } }];
  const sha256 = await wholeDigests(ctx.evidence)(chain.id, segments.map(({ digest }) => digest));
  const name = uploads.find((upload) => upload.sha256 === sha256)?.file_name ?? `${namePart(chain.name)}.jsonl`;
  const whole = { name: excerptNamed(name) ? `${sha256}.jsonl` : name, digest: { sha256 } };
  const pieces = passes(standing) ? segments.map(({ digest }) => ({ name: `${digest}.jsonl`, digest: { sha256: digest } })) : [];
  return [whole, ...pieces.filter(({ digest }) => digest.sha256 !== sha256), treeSubject(chain.name, tree)];
}

/** What holds beside the chain's own links; nothing is said of what does not. What is known of the whole is not said of a part. */
function propertiesOf({ findings, heads, inputs, scope }: Facts): string[] {
  const isWhole = scope.kind === 'chain';
  return [
    ...(isWhole && heads.length > 0 ? ['AUDIT_CHAIN_WITNESSED'] : []),
    ...(isWhole && inputs.length > 0 && inputs.every((input) => input.holds === true) ? ['AUDIT_CHAIN_TOOL_ATTESTATION_VERIFIED'] : []),
    ...(findings.some(({ level }) => level === 'high' || level === 'critical') ? [] : ['AUDIT_RULES_NO_HIGH_FINDINGS']),
  ];
}
