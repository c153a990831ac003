import 'server-only';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import { type BundleCheck, type Trust, verifyBundle } from '../core/statements/verify-bundle';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { readObject } from '../evidence/store';
import { compareRow } from './compare';
import type { Reporter } from './drift';
import { type Attestation, chainOf, examineStatement } from './examine-statement';
import { sizeOf, unlessGone } from './gone';
import { loggedEntries } from './logged-entries';

const PAGE = 200;
const NONE = '00000000-0000-0000-0000-000000000000';

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
  const chain = chainOf(row);
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

/** Null when the bytes are gone or altered. */
async function verified(ctx: Context, digest: string, trust: Trust): Promise<BundleCheck | null> {
  const bytes = await unlessGone(readObject(ctx.evidence, digest));
  return bytes && verifyBundle(JSON.parse(bytes.toString('utf8')), { trust });
}

/** Withdrawals and successors against the entries of the log that tell of them: what anybody could read cannot be taken back. */
async function examineSuccession(ctx: Context, report: Reporter): Promise<void> {
  const withdrawn = new Map((await loggedEntries(ctx, 'revocation')).map(({ about, said }) => [about, said]));
  const succeeded = new Map((await loggedEntries(ctx, 'supersession')).map(({ about, said }) => [about, said]));
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
