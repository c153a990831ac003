import 'server-only';
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import { auditChainSegment } from '../core/statements/predicates/audit-chain-segment';
import { auditPeriod } from '../core/statements/predicates/audit-period';
import type { Statement } from '../core/statements/statement';
import { type BundleCheck, type Trust, verifyBundle } from '../core/statements/verify-bundle';
import type { AttestationBundlesTable, AttestationsTable, ExcerptPlace } from '../db/attestation-tables';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { readRanges } from '../attest/read-ranges';
import { readObject } from '../evidence/store';
import { type Values, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import { sizeOf, unlessGone } from './gone';
import { toldOf } from './log-told';

const PAGE = 200;
const NONE = '00000000-0000-0000-0000-000000000000';

type Attestation = Selectable<AttestationsTable> & { name: string | null };

/** The parts of our own statements that the columns of an attestation repeat. */
const Range = z.object({ first: z.number(), last: z.number(), count: z.number() });
const Segment = z.object({ digest: z.object({ sha256: z.string() }) });
const Ours = z.object({
  chain: z.object({ id: z.string() }),
  recordRange: Range,
  scope: z.object({ kind: z.string(), id: z.string().optional() }).optional(),
  verdict: z.string(),
  segments: z.array(Segment.extend({ records: z.number() })),
  attestedAt: z.string(),
  tree: z.object({ size: z.number(), rootHash: z.string() }).optional(),
  witnessedHeads: z.array(z.object({ hash: z.string(), records: z.number() })),
});
const Period = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  verdict: z.string(),
  chains: z.array(
    z.object({
      chain: z.object({ id: z.string() }),
      verdict: z.string(),
      recordRange: Range,
      segments: z.array(Segment),
    }),
  ),
  attestedAt: z.string(),
});

/** Verifies every bundle against who is on record as having signed it and the trusted root given, and what is on record of an attestation against what its bundle states. */
export async function examineBundles(ctx: Context, report: Reporter, trustedRoot: unknown): Promise<void> {
  const keys = await ownKeys(ctx.db);
  // Those there are when it begins: where attestations come all the time it would never end.
  const newest =
    (await ctx.db.selectFrom('attestations').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ??
    NONE;
  for (let after = NONE; ; ) {
    const rows = await ctx.db
      .selectFrom('attestations as a')
      .leftJoin('chains as c', 'c.id', 'a.chain_id')
      .selectAll('a')
      .select('c.name')
      .where('a.id', '>', after)
      .where('a.id', '<=', newest)
      .orderBy('a.id')
      .limit(PAGE)
      .execute();
    for (const row of rows) await examineAttestation(ctx, row, trustIn(row, { keys, trustedRoot }), report);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = last.id;
  }
  await examineSuccession(ctx, report);
}

async function examineAttestation(ctx: Context, row: Attestation, trust: Trust, report: Reporter): Promise<void> {
  const chain = row.name ?? 'several chains';
  const bundles = await ctx.db
    .selectFrom('attestation_bundles')
    .selectAll()
    .where('attestation_id', '=', row.id)
    .orderBy('n')
    .execute();
  for (const [n, bundle] of bundles.entries()) {
    report.examined.bundles += 1;
    const check = await verified(ctx, bundle.digest, trust);
    if (!check) continue; // told with the objects
    const wrong = check.steps.find((step) => !isMet(step));
    if (wrong)
      report.drift({
        kind: 'bundle-invalid',
        chain,
        what: `attestation ${row.id}${n === 0 ? '' : `, ${bundle.predicate_type}`}`,
        expected: 'a bundle that verifies',
        found: checkWords(wrong),
        at: {
          table: 'attestations',
          row: row.id,
          column: SIGNED_BY.find((column) => row[column] !== null) ?? 'bundle_digest',
        },
      });
    if (!check.statement) continue;
    const stated = await sizeOf(ctx, bundle.digest);
    compareRow(
      report,
      { chain, table: 'attestation_bundles', row: `${row.id} ${bundle.n}` },
      { n, predicate_type: check.statement.predicateType, size_bytes: stated },
      bundle,
    );
    if (n === 0) await examineStatement(ctx, row, bundle, check, check.statement, report);
  }
  if (bundles.length === 0)
    report.drift({
      kind: 'row-missing',
      chain,
      what: `attestation_bundles of ${row.id}`,
      expected: 'a bundle',
      found: 'none',
      at: { table: 'attestation_bundles', row: row.id, column: '*' },
    });
}

async function examineStatement(
  ctx: Context,
  row: Attestation,
  first: Selectable<AttestationBundlesTable>,
  { signedBy }: BundleCheck,
  statement: Statement,
  report: Reporter,
): Promise<void> {
  const chain = row.name ?? 'several chains';
  const signer =
    signedBy?.kind === 'certificate'
      ? {
          key_hint: null,
          signed_by: signedBy.subject,
          ...(row.signed_by_issuer !== null && { signed_by_issuer: signedBy.issuer }),
        }
      : { key_hint: signedBy?.hint, signed_by: null, signed_by_issuer: null };
  const expected: Values = {
    bundle_digest: first.digest,
    bundle_size_bytes: first.size_bytes,
    predicate_type: statement.predicateType,
    subjects: statement.subject.map(({ name, digest }) => ({ name: name ?? '', sha256: digest['sha256'] ?? '' })),
    ...signer,
  };
  if (row.excerpt !== null)
    expected['excerpt'] = await excerptOf(ctx, row.excerpt, statement.subject[0]?.digest['sha256'] ?? '');
  const said = auditChainSegment.isOf(statement)
    ? ofChain(row, statement)
    : auditPeriod.isOf(statement)
      ? ofPeriod(row, statement)
      : null;
  compareRow(report, { chain, table: 'attestations', row: row.id }, { ...expected, ...said?.row }, row);
  if (!said) return;
  const chains = await ctx.db
    .selectFrom('attestation_chains')
    .selectAll()
    .where('attestation_id', '=', row.id)
    .execute();
  compareRows(
    report,
    { chain, table: 'attestation_chains' },
    said.chains,
    new Map(chains.map((one) => [`${row.id} ${one.chain_id}`, one])),
  );
  const segments = await ctx.db
    .selectFrom('attestation_segments')
    .selectAll()
    .where('attestation_id', '=', row.id)
    .execute();
  compareRows(
    report,
    { chain, table: 'attestation_segments' },
    said.segments,
    new Map(segments.map((one) => [`${row.id} ${one.digest}`, one])),
  );
  for (const { digest } of segments) {
    const uploaded = await ctx.db
      .selectFrom('upload_segments')
      .select('digest')
      .where('digest', '=', digest)
      .limit(1)
      .executeTakeFirst();
    if (!uploaded)
      report.drift({
        kind: 'row-missing',
        chain,
        what: `upload_segments: segment ${digest} that attestation ${row.id} covers`,
        expected: 'a row',
        found: 'none',
        at: { table: 'upload_segments', row: digest, column: '*' },
      });
  }
  if (row.chain_id !== null && row.name === null)
    report.drift({
      kind: 'row-missing',
      chain: null,
      what: `chains: the chain attestation ${row.id} is about`,
      expected: row.chain_id,
      found: 'no row',
      at: { table: 'chains', row: row.chain_id, column: '*' },
    });
  for (const { hash, records } of said.heads) {
    const head =
      row.chain_id &&
      (await ctx.db
        .selectFrom('heads')
        .select('id')
        .where('chain_id', '=', row.chain_id)
        .where('records', '=', records)
        .where('hash', '=', hash)
        .executeTakeFirst());
    if (!head)
      report.drift({
        kind: 'row-missing',
        chain,
        what: `heads: record ${records - 1}, as attestation ${row.id} states`,
        expected: hash,
        found: 'no row',
        at: { table: 'heads', row: `${row.chain_id} ${records} ${hash}`, column: '*' },
      });
  }
}

/** Where the bytes lie, when those are the bytes the statement names. */
async function excerptOf(
  ctx: Context,
  { segments, ranges, sizeBytes }: ExcerptPlace,
  sha256: string,
): Promise<unknown> {
  const read = await unlessGone(hashOf(ctx, { segments, ranges, sizeBytes }));
  return read === null || (read.sha256 === sha256 && read.sizeBytes === sizeBytes)
    ? { segments, ranges, sizeBytes }
    : `places of ${sha256}`;
}

async function hashOf(
  { evidence }: Context,
  { segments, ranges }: ExcerptPlace,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of readRanges(evidence, segments, ranges)) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // that it lies in none of them is the answer
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

type Said = {
  row: Values;
  chains: Map<string, Values>;
  segments: Map<string, Values>;
  heads: { hash: string; records: number }[];
};

function ofChain(row: Attestation, statement: Statement): Said {
  const said = Ours.parse(statement.predicate);
  const { first, last, count } = said.recordRange;
  const { kind = 'chain', id } = said.scope ?? {};
  const scope =
    kind === 'range'
      ? { kind, first, last }
      : kind === 'session'
        ? { kind, session: id }
        : kind === 'run'
          ? { kind, run: id }
          : { kind };
  const covers = { verdict: said.verdict, first_record: first, last_record: last, records: count };
  const segments = [...new Set(said.segments.map(({ digest }) => digest.sha256))];
  return {
    row: {
      chain_id: said.chain.id,
      ...covers,
      scope,
      tree_size: said.tree?.size ?? null,
      tree_root: said.tree?.rootHash ?? null,
      signed_at: new Date(said.attestedAt),
    },
    chains: new Map([[`${row.id} ${said.chain.id}`, { chain_id: said.chain.id, ...covers }]]),
    segments: new Map(
      segments.map((digest, index) => [`${row.id} ${digest}`, { digest, ...wholeOf(kind, said, index) }]),
    ),
    heads: said.witnessedHeads,
  };
}

/** Whether a segment is covered whole, where the statement tells: of a range those between its ends are, and a single one by its number of records. */
function wholeOf(kind: string, { segments, recordRange }: z.output<typeof Ours>, index: number): Values {
  // Records picked one by one cover no segment whole, whatever their number.
  if (kind === 'session' || kind === 'run') return { whole: false };
  if (kind === 'chain' || (index > 0 && index < segments.length - 1)) return { whole: true };
  return segments.length === 1 ? { whole: segments[0]?.records === recordRange.count } : {};
}

function ofPeriod(row: Attestation, statement: Statement): Said {
  const said = Period.parse(statement.predicate);
  const records = said.chains.reduce((sum, { recordRange }) => sum + recordRange.count, 0);
  const segments = new Set(said.chains.flatMap((chain) => chain.segments.map(({ digest }) => digest.sha256)));
  return {
    row: {
      chain_id: null,
      verdict: said.verdict,
      first_record: 0,
      last_record: 0,
      records,
      tree_size: null,
      tree_root: null,
      signed_at: new Date(said.attestedAt),
    },
    chains: new Map(
      said.chains.map(({ chain, verdict, recordRange: { first, last, count } }) => [
        `${row.id} ${chain.id}`,
        { verdict, first_record: first, last_record: last, records: count },
      ]),
    ),
    segments: new Map([...segments].map((digest) => [`${row.id} ${digest}`, { digest, whole: false }])),
    heads: [],
  };
}

/** Null when the bytes are gone or altered. */
async function verified(ctx: Context, digest: string, trust: Trust): Promise<BundleCheck | null> {
  const bytes = await unlessGone(readObject(ctx.evidence, digest));
  return bytes && verifyBundle(JSON.parse(bytes.toString('utf8')), { trust });
}

/** Withdrawals and successors against the entries of the log that tell of them: what anybody could read cannot be taken back. */
async function examineSuccession(ctx: Context, report: Reporter): Promise<void> {
  const withdrawn = new Map((await toldOf(ctx, 'revocation')).map(({ about, said }) => [about, said]));
  const succeeded = new Map((await toldOf(ctx, 'supersession')).map(({ about, said }) => [about, said]));
  const rows = await ctx.db
    .selectFrom('attestations as a')
    .leftJoin('chains as c', 'c.id', 'a.chain_id')
    .select(['a.id', 'c.name', 'a.withdrawn_at', 'a.withdrawn_reason', 'a.superseded_by'])
    .where((eb) =>
      eb.or([
        eb('a.withdrawn_at', 'is not', null),
        eb('a.withdrawn_reason', 'is not', null),
        eb('a.superseded_by', 'is not', null),
        eb('a.id', 'in', [NONE, ...withdrawn.keys(), ...succeeded.keys()]),
      ]),
    )
    .execute();
  for (const { id, name, ...row } of rows) {
    const place = { chain: name ?? 'several chains', table: 'attestations', row: id };
    const reported = withdrawn.get(id);
    // A withdrawal the log lacks is told where the log is examined.
    if (reported)
      compareRow(
        report,
        place,
        {
          withdrawn_reason: reported['reason'],
          ...(!isAbout(row.withdrawn_at, reported.at) && { withdrawn_at: reported.at }),
        },
        row,
      );
    else if (row.withdrawn_at === null) compareRow(report, place, { withdrawn_reason: null }, row);
    compareRow(report, place, { superseded_by: succeeded.get(id)?.['supersededBy'] ?? null }, row);
  }
}

/** Both were written down in one transaction, one a moment after the other. */
function isAbout(at: Date | null, reported: string): boolean {
  return at !== null && Math.abs(at.getTime() - Date.parse(reported)) < 60_000;
}
