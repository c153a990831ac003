import 'server-only';
import type { Context } from '../context';
import { excerptNamed } from '../core/statements/excerpt-name';
import { AUDIT_CHAIN_POLICY } from '../core/statements/policies/audit-chain';
import { treeSubject } from '../core/statements/predicates/audit-chain-segment';
import { PREDICATES } from '../core/statements/predicates';
import type { CompanionInput } from '../core/statements/predicates/predicate';
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
export async function companionStatements(
  ctx: Context,
  made: Made,
  requested: readonly CompanionPredicate[],
): Promise<Statement[]> {
  // What is made of the records of a run is made where the run is read.
  const makers = requested.flatMap(
    (id) => PREDICATES.find(({ companion }) => companion?.id === id)?.companion?.make ?? [],
  );
  if (makers.length === 0) return [];
  const input = inputOf(ctx, made, await subjectsOf(ctx, made));
  return makers.map((make) => make(input));
}

function inputOf(
  { env: { workspaceUrl: publicUrl } }: Context,
  { attestationId, facts, at }: Made,
  subject: Statement['subject'],
): CompanionInput {
  const { chain, runs, findings, standing, tool, inputs, covered, segments } = facts;
  const [segment] = segments;
  return {
    subject,
    standing,
    verifier: { id: publicUrl, version: { [tool.name]: tool.version } },
    verifiedAt: (chain.verified_at ?? at).toISOString(),
    // One segment is a file of its own name for good; anything else is put together again.
    resourceUri:
      !covered.excerpt && segment && segments.length === 1
        ? `${publicUrl}/api/v1/segments/${segment.digest}/bytes`
        : `${publicUrl}/api/v1/attestations/${attestationId}/records`,
    policy: {
      name: AUDIT_CHAIN_POLICY.name,
      uri: `${publicUrl}/policies/${AUDIT_CHAIN_POLICY.sha256}`,
      digest: { sha256: AUDIT_CHAIN_POLICY.sha256 },
    },
    inputAttestations: inputs.map(({ sidecarId, digest }) => ({
      uri: `${publicUrl}/api/v1/chains/${chain.id}/sidecars/${sidecarId}`,
      digest,
    })),
    rules: runs.map(({ rule_id: id, rule_name: name, rule_digest: sha256 }) => ({
      id,
      name,
      digest: { sha256 },
      levels: [...(findings.byRule.get(id)?.levels ?? [])],
    })),
    properties: propertiesOf(facts),
    url: `${publicUrl}/chains/${chain.id}`,
  };
}

async function subjectsOf(ctx: Context, { facts, tree }: Made): Promise<Statement['subject']> {
  const { chain, covered, segments, uploads, standing } = facts;
  if (covered.excerpt) return [{ name: excerptName(chain.name, facts), digest: { sha256: covered.excerpt.sha256 } }];
  const sha256 = await wholeDigests(ctx.evidence)(
    chain.id,
    segments.map(({ digest }) => digest),
  );
  const name = uploads.find((upload) => upload.sha256 === sha256)?.file_name ?? `${namePart(chain.name)}.jsonl`;
  const whole = { name: excerptNamed(name) ? `${sha256}.jsonl` : name, digest: { sha256 } };
  const pieces = passes(standing)
    ? segments.map(({ digest }) => ({ name: `${digest}.jsonl`, digest: { sha256: digest } }))
    : [];
  return [whole, ...pieces.filter(({ digest }) => digest.sha256 !== sha256), treeSubject(chain.name, tree)];
}

/** What holds beside the chain's own links; nothing is said of what does not. What is known of the whole is not said of a part. */
function propertiesOf({ findings, heads, inputs, scope }: Facts): string[] {
  const isWhole = scope.kind === 'chain';
  const isSerious = [...findings.byRule.values()].some(({ levels }) => levels.has('high') || levels.has('critical'));
  return [
    ...(isWhole && heads.length > 0 ? ['AUDIT_CHAIN_WITNESSED'] : []),
    ...(isWhole && inputs.length > 0 && inputs.every((input) => input.holds === true)
      ? ['AUDIT_CHAIN_TOOL_ATTESTATION_VERIFIED']
      : []),
    ...(isSerious ? [] : ['AUDIT_RULES_NO_HIGH_FINDINGS']),
  ];
}
