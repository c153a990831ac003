import 'server-only';
import { bundleToJSON } from '@sigstore/bundle';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import { buildSegmentStatement } from '../core/statements/predicates/audit-chain-segment';
import { lockUntilCommit } from '../db/lock';
import { putObject } from '../evidence/store';
import type { Attestation } from '../schemas/attestations';
import { getAttestationRow } from './attestations';
import { type Facts, gatherFacts } from './facts';
import { currentSigner } from './signers';

/** Who asks when nobody does: the state of a chain is attested once it is known. */
const POLICY = 'policy: every verified state';

/**
 * Signs a statement over the chain as it stands, a broken one as broken, and stores the bundle as evidence.
 * @throws AppError NOT_FOUND, CONFLICT while a stage is still at work on the chain, SIGNING_FAILED.
 */
export async function attestChain(ctx: Context, { chainId, requestedBy }: { chainId: string; requestedBy: string }): Promise<Attestation> {
  const facts = await gatherFacts(ctx, chainId);
  const { chain } = facts;
  if (facts.segments.length === 0) throw new AppError('CONFLICT', 'the chain has no closed segment yet; seal it, or wait until its open segment is closed', { chainId });
  const { verdict } = chain;
  if (verdict === 'pending' || chain.detected_generation !== chain.generation) {
    throw new AppError('CONFLICT', 'the chain is still being verified, loaded or searched; attest it when its verdict is there and its records are loaded', { chainId });
  }
  const signer = await currentSigner(ctx);
  const signedAt = ctx.now();
  const statement = buildSegmentStatement(statementInput(facts, verdict, signedAt));
  const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
  const stored = await putObject(ctx.evidence, Buffer.from(`${canonicalJson(bundleToJSON(bundle))}\n`));

  const id = await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    const row = await tx
      .insertInto('attestations')
      .values({
        chain_id: chainId,
        generation: chain.generation,
        verdict,
        predicate_type: statement.predicateType,
        subjects: JSON.stringify(statement.subject.map(({ name, digest }) => ({ name: name ?? '', sha256: digest.sha256 ?? '' }))),
        first_record: 0,
        last_record: Math.max(0, chain.records - 1),
        records: chain.records,
        key_hint: signer.keyHint,
        signer: signer.name,
        bundle_digest: stored.digest,
        bundle_size_bytes: stored.sizeBytes,
        requested_by: requestedBy,
        signed_at: signedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const digests = [...new Set(facts.segments.map(({ digest }) => digest))];
    for (let at = 0; at < digests.length; at += 1000) {
      await tx.insertInto('attestation_segments').values(digests.slice(at, at + 1000).map((digest) => ({ attestation_id: row.id, digest }))).execute();
    }
    return row.id;
  });
  return getAttestationRow(ctx, { attestationId: id });
}

/** Attests each state of a chain once; generation 0 has no closed segment; a state that has passed is not attested any more. */
export async function attestGeneration(ctx: Context, { chainId, generation }: { chainId: string; generation: number }): Promise<void> {
  const chain = await ctx.db.selectFrom('chains').select(['generation', 'detected_generation']).where('id', '=', chainId).executeTakeFirst();
  if (generation === 0 || chain?.generation !== generation || chain.detected_generation !== generation) return;
  const done = await ctx.db.selectFrom('attestations').select('id').where('chain_id', '=', chainId).where('generation', '=', generation).where('requested_by', '=', POLICY).executeTakeFirst();
  if (!done) await attestChain(ctx, { chainId, requestedBy: POLICY });
}

function statementInput(facts: Facts, verdict: Exclude<Facts['chain']['verdict'], 'pending'>, signedAt: Date): Parameters<typeof buildSegmentStatement>[0] {
  const { chain, format, segments, uploads, problems, runs, findings, heads } = facts;
  const { first_recorded_at: first, last_recorded_at: last } = chain;
  return {
    files: uploads.map(({ file_name, sha256 }) => ({ name: file_name, sha256 })),
    chain: { name: chain.name, id: chain.id },
    format: format.id,
    tool: facts.tool,
    recordRange: { first: 0, last: Math.max(0, chain.records - 1), count: chain.records },
    hashes: { algorithm: format.hashAlgorithm, ...facts.hashes },
    countsByDecision: facts.countsByDecision,
    verdict,
    problems: { placed: problems, counts: chain.problem_counts },
    rules: runs.map((run) => ({ id: run.rule_id, name: run.rule_name, digest: { sha256: run.rule_digest }, findings: run.findings })),
    findings: findings.map((finding) => ({
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
    timeRange: first && last ? { first, last } : null,
    verifiedAt: (chain.verified_at ?? signedAt).toISOString(),
    attestedAt: signedAt.toISOString(),
    witnessedHeads: heads.map((head) => ({ hash: head.hash, records: head.records, sizeBytes: head.size_bytes, observedAt: head.observed_at.toISOString() })),
  };
}
