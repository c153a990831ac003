import 'server-only';
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { Context } from '../context';
import { type Verdict, worst } from '../core/chain/verdict';
import { AppError } from '../core/errors';
import { bundleFileName, getAttestation } from '../attest/attestations';
import { openExcerpt } from '../attest/excerpt';
import type { Actor } from '../access/actor';
import { requestPeriodAttestation } from '../attest/requests/request-attestation';
import { catalog } from '../detect/catalog';
import { isAltered } from '../detect/is-altered';
import { getFinding, listFindings } from '../triage/findings';
import { readObject } from '../evidence/store';
import { getChain } from '../chains/chains';
import { listHeads } from '../chains/heads';
import { listProblems } from '../chains/problems';
import type { AttestationDetail } from '../schemas/attestation-detail';
import type { FindingDetail } from '../schemas/findings';
import type { PackageOf } from '../schemas/packages';
import { type PackageFiles, pathPart } from './files';

const PAGE = 500;
/** Findings and problems of a chain that are told; a chain with more is told as such. */
const MAX_FINDINGS = 2_000;
const MAX_PROBLEMS = 10_000;
/** Attestations of parts of a chain that go with it. */
const MAX_PARTS = 200;

/** What lies in a package, for its README and its statement. */
export type Gathered = {
  about: string;
  verdict: Verdict;
  attestations: AttestationDetail[];
  /** Whole: every segment of the chain is here. */
  chains: { id: string; name: string; verdict: Verdict; path: string; isWhole: boolean }[];
  findings: FindingDetail[];
  /** Digests of rules that ran and whose text is not to be had any more. */
  missingRules: string[];
};

/** The package that was asked for, what it is of, and who asked. */
type Requested = {
  packageId: string;
  of: PackageOf;
  /** Who is shown as having asked. */
  requestedBy: string;
  actor: Actor;
};

/** Puts in everything the package is of. @throws AppError NOT_FOUND, CONFLICT when nothing of it is attested, TOO_LARGE, SIGNING_*. */
export async function gather(ctx: Context, requested: Requested, files: PackageFiles): Promise<Gathered> {
  const { of } = requested;
  const attestations: AttestationDetail[] = [];
  for (const attestation of await attestationsOf(ctx, requested))
    attestations.push(await addAttestation(ctx, attestation, files));
  const [main] = attestations;
  if (!main) throw new AppError('CONFLICT', 'nothing of it is attested yet', {});
  const chains: Gathered['chains'] = [];
  for (const { chainId, chain: name, verdict } of uniqueChains(attestations)) {
    const path = `chains/${pathPart(name)}-${chainId.slice(-8)}.json`;
    const facts = await chainFacts(ctx, chainId);
    await files.add(path, `${JSON.stringify(facts, null, 2)}\n`);
    chains.push({
      id: chainId,
      name,
      verdict: verdict as Verdict,
      path,
      isWhole: facts.segments.every(({ digest }) => files.has(`segments/${digest}.jsonl`)),
    }); // only what has a verdict is attested
  }
  const findings = await findingsOf(
    ctx,
    chains.map(({ id }) => id),
  );
  await files.add('findings.json', `${JSON.stringify(findings, null, 2)}\n`);
  const missingRules = await addRules(ctx, { attestations, findings }, files);
  return {
    about: aboutOf(of, main),
    verdict: chains.map(({ verdict }) => verdict).reduce(worst, 'verified'),
    attestations,
    chains,
    findings,
    missingRules,
  };
}

function aboutOf(of: PackageOf, main: AttestationDetail): string {
  if (of.kind === 'period')
    return `what ${main.chains.length} ${main.chains.length === 1 ? 'chain' : 'chains'} recorded from ${of.from} to ${of.to}`;
  if (of.kind === 'chain') return `chain "${main.chain}" as it was last attested`;
  return main.chain
    ? `${main.records} records of chain "${main.chain}"`
    : `${main.records} records of ${main.chains.length} chains`;
}

async function attestationsOf(
  ctx: Context,
  { packageId, of, requestedBy, actor }: Requested,
): Promise<AttestationDetail[]> {
  switch (of.kind) {
    case 'attestation':
      return [await getAttestation(ctx, of)];
    case 'chain': {
      const ids = [await newestOf(ctx, of.chainId), ...(await partsOf(ctx, of.chainId))];
      return Promise.all(
        ids.flatMap((attestationId) => (attestationId ? [getAttestation(ctx, { attestationId })] : [])),
      );
    }
    case 'period': {
      const { attestation, request } = await requestPeriodAttestation(ctx, {
        scope: of,
        actor,
        onBehalfOf: requestedBy,
        dedupeKey: `package:${packageId}`,
      });
      if (!attestation)
        throw new AppError(
          request.state === 'failed' ? 'NOT_FOUND' : 'SIGNING_UNAVAILABLE',
          request.failure ?? 'the statement over the period is not signed yet',
          { requestId: request.id },
        );
      const main = await getAttestation(ctx, { attestationId: attestation.id });
      const own = await Promise.all(main.chains.map(({ chainId }) => newestOf(ctx, chainId)));
      return [
        main,
        ...(await Promise.all(
          own.flatMap((attestationId) => (attestationId ? [getAttestation(ctx, { attestationId })] : [])),
        )),
      ];
    }
  }
}

/** The newest attestation of a whole chain that is not withdrawn. */
async function newestOf(ctx: Context, chainId: string): Promise<string | null> {
  const row = await inForce(ctx, chainId)
    .where((eb) => eb(eb.ref('scope', '->>').key('kind'), '=', 'chain'))
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

async function partsOf(ctx: Context, chainId: string): Promise<string[]> {
  const rows = await inForce(ctx, chainId)
    .where((eb) => eb(eb.ref('scope', '->>').key('kind'), '!=', 'chain'))
    .limit(MAX_PARTS)
    .execute();
  return rows.map(({ id }) => id);
}

function inForce(ctx: Context, chainId: string) {
  return ctx.db
    .selectFrom('attestations')
    .select('id')
    .where('chain_id', '=', chainId)
    .where('withdrawn_at', 'is', null)
    .where('superseded_by', 'is', null)
    .orderBy('generation', 'desc')
    .orderBy('id', 'desc');
}

function uniqueChains(attestations: readonly AttestationDetail[]) {
  return [
    ...new Map(
      attestations.toReversed().flatMap(({ chains }) => chains.map((chain) => [chain.chainId, chain])),
    ).values(),
  ].toSorted((a, b) => a.chain.localeCompare(b.chain));
}

/** Its bundles, what each states, and the bytes it speaks of. @returns the attestation, without an excerpt when none was put in. */
async function addAttestation(
  ctx: Context,
  attestation: AttestationDetail,
  files: PackageFiles,
): Promise<AttestationDetail> {
  for (const { n, predicateType, sha256, bytes, namesTooMuch } of attestation.bundles) {
    if (namesTooMuch) continue;
    const name = bundleFileName(attestation, { n, predicate_type: predicateType });
    await files.known(`bundles/${name}`, sha256, bytes);
    const bundle = JSON.parse((await readObject(ctx.evidence, sha256)).toString('utf8')) as {
      dsseEnvelope: { payload: string };
    }; // signed here, so of this shape
    await files.add(
      `statements/${name.replace(/\.sigstore\.json$/, '.json')}`,
      Buffer.from(bundle.dsseEnvelope.payload, 'base64'),
    );
  }
  const segments = await ctx.db
    .selectFrom('attestation_segments')
    .select('digest')
    .where('attestation_id', '=', attestation.id)
    .orderBy('digest')
    .execute();
  for (const { digest } of segments) {
    const sizeBytes = await ctx.evidence.stat(digest);
    if (sizeBytes === null) throw new AppError('EVIDENCE_MISSING', `segment ${digest} is not in the store`, { digest });
    await files.known(`segments/${digest}.jsonl`, digest, sizeBytes);
  }
  if (!attestation.excerpt) return attestation;
  const excerpt = await openExcerpt(ctx, { attestationId: attestation.id }).catch((error: unknown) => {
    // The chain's records were replaced since. The segments they lay in are evidence still, and subjects too.
    if (error instanceof AppError && error.code === 'CONFLICT') return null;
    throw error;
  });
  if (!excerpt) return { ...attestation, excerpt: null };
  const { fileName, stream } = excerpt;
  await files.stream(`records/${fileName}`, Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0])); // node's type of the same thing
  return attestation;
}

/** Everything on record of a chain: its segments in order, verdict, heads and problems. */
async function chainFacts(ctx: Context, chainId: string) {
  const chain = await getChain(ctx, { chainId });
  const segments = await ctx.db
    .selectFrom('chain_segments')
    .select([
      'index',
      'digest',
      'byte_offset as byteOffset',
      'size_bytes as sizeBytes',
      'first_record as firstRecord',
      'records',
    ])
    .where('chain_id', '=', chainId)
    .orderBy('index')
    .execute();
  const uploads = await ctx.db
    .selectFrom('uploads')
    .select([
      'file_name as fileName',
      'sha256',
      'size_bytes as sizeBytes',
      'records',
      'relation',
      'received_by as receivedBy',
      'received_at as receivedAt',
    ])
    .where('chain_id', '=', chainId)
    .orderBy('id')
    .limit(MAX_PROBLEMS)
    .execute();
  const heads = await listHeads(ctx, { chainId, limit: PAGE });
  const problems = [];
  for (let cursor: string | undefined; problems.length < MAX_PROBLEMS; ) {
    const page = await listProblems(ctx, { chainId, limit: PAGE, ...(cursor && { cursor }) });
    problems.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return { chain, segments, uploads, heads: heads.items, problems };
}

/** Rules as statements name them, of every predicate of ours. */
const Ran = z.object({
  predicate: z.object({ rules: z.array(z.object({ id: z.string(), digest: z.object({ sha256: z.string() }) })) }),
});

/**
 * Puts in every rule that ran, whether it found something or not: statements name them by digest.
 * @returns the digests of those whose text is gone, or is not the one that ran
 */
async function addRules(
  ctx: Context,
  { attestations, findings }: Pick<Gathered, 'attestations' | 'findings'>,
  files: PackageFiles,
): Promise<string[]> {
  const ran = attestations.flatMap(
    ({ statement }) =>
      Ran.safeParse(statement).data?.predicate.rules.map(({ id, digest }) => ({ id, sha256: digest.sha256 })) ?? [],
  );
  const wanted = new Map(
    [...findings.map(({ ruleId: id, ruleDigest: sha256 }) => ({ id, sha256 })), ...ran].map((rule) => [
      rule.sha256,
      rule,
    ]),
  );
  const known =
    wanted.size === 0
      ? []
      : await ctx.db
          .selectFrom('rule_texts')
          .selectAll()
          .where('digest', 'in', [...wanted.keys()])
          .execute();
  // Those that ran before texts were kept may be in force still. One that was altered since is none.
  const texts = new Map(
    [...(await catalog(ctx)), ...known]
      .filter((text) => !isAltered(ctx.hasher, text))
      .map(({ digest, yaml }) => [digest, yaml]),
  );
  const missing: string[] = [];
  for (const { id, sha256 } of wanted.values()) {
    const path = files.has(`rules/${pathPart(id)}.yml`)
      ? `rules/${pathPart(id)}-${sha256.slice(0, 8)}.yml`
      : `rules/${pathPart(id)}.yml`;
    const text = texts.get(sha256);
    if (text === undefined) missing.push(sha256);
    else await files.add(path, text);
  }
  return missing;
}

async function findingsOf(ctx: Context, chainIds: readonly string[]): Promise<FindingDetail[]> {
  const ids = new Set<string>();
  for (const chainId of chainIds) {
    for (let cursor: string | undefined; ; ) {
      const page = await listFindings(ctx, { chainId, limit: PAGE, total: 'none', ...(cursor && { cursor }) });
      for (const { id } of page.items) ids.add(id);
      if (ids.size > MAX_FINDINGS)
        throw new AppError(
          'TOO_LARGE',
          `there are more than ${MAX_FINDINGS} findings in these chains; pack fewer chains`,
          { limit: MAX_FINDINGS },
        );
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
  }
  const findings: FindingDetail[] = [];
  for (const findingId of ids) findings.push(await getFinding(ctx, { findingId }));
  return findings.toSorted((a, b) => a.windowFrom.localeCompare(b.windowFrom) || a.id.localeCompare(b.id));
}
