import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { worst, type Verdict } from '../core/chain/verdict';
import { checkWords, isMet } from '../core/checks/check';
import { EvidencePackage, MANIFEST, MANIFEST_BUNDLE } from '../core/statements/predicates/evidence-package';
import { type Trust, verifyBundle } from '../core/statements/verify-bundle';
import type { PackagesTable } from '../db/package-tables';
import { isDeletedObject } from '../db/evidence-objects';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { readObject } from '../evidence/store';
import { type Values, compareRow } from './compare';
import type { Reporter } from './drift';
import { sizeOf, unlessGone } from './gone';
import { heldAgainstLog } from './logged-entries';
import { signerValues } from './signer-values';

const PAGE = 200;
type Package = Selectable<PackagesTable>;

/**
 * Verifies the signature over the manifest of every evidence package, and what is on record of it against its manifest and its statement. Each that
 * was made is in the transparency log, so one whose row is gone is missed.
 */
export async function examinePackages(ctx: Context, report: Reporter, trustedRoot: unknown): Promise<void> {
  const keys = await ownKeys(ctx.db);
  const log = await heldAgainstLog(ctx, report, {
    kind: 'package',
    table: 'packages',
    column: 'manifest_digest',
    called: 'evidence package',
  });
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await ctx.db
      .selectFrom('packages')
      .selectAll()
      .where((eb) =>
        eb.or([eb('state', '=', 'done'), eb('made_at', 'is not', null), eb('manifest_digest', 'is not', null)]),
      )
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      // Of those made before it was taken down, anybody who ever signed here will do.
      const isKnown = SIGNED_BY.some((column) => row[column] !== null);
      const trust: Trust = isKnown
        ? trustIn(row, { keys, trustedRoot })
        : { keys, trustedRoot, identities: [], require: { logEntries: 0, timestamps: 0 } };
      report.examined.bundles += 1;
      compareRow(report, { chain: null, table: 'packages', row: row.id }, { state: 'done' }, row);
      if (row.manifest_digest !== null) log.row(row.id, row.manifest_digest);
      await examine(ctx, row, trust, isKnown, report);
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = last.id;
  }
  log.end();
}

async function examine(ctx: Context, row: Package, trust: Trust, isKnown: boolean, report: Reporter): Promise<void> {
  const place = { chain: null, table: 'packages', row: row.id };
  const digestOf = (path: string) => row.entries.find((entry) => entry.path === path)?.digest ?? null;
  const [bundleDigest, manifestDigest] = [digestOf(MANIFEST_BUNDLE), digestOf(MANIFEST)];
  compareRow(report, place, { manifest_digest: manifestDigest ?? 'a manifest among its files' }, row);
  if (!bundleDigest || !manifestDigest) return;
  const [bundle, manifest] = [
    await unlessGone(readObject(ctx.evidence, bundleDigest)),
    await unlessGone(readObject(ctx.evidence, manifestDigest)),
  ];
  if (!bundle || !manifest) return; // told with the objects
  const { steps, statement, signedBy } = verifyBundle(JSON.parse(bundle.toString('utf8')), {
    trust,
    subjectSha256: manifestDigest,
  });
  const wrong = steps.find((step) => !isMet(step));
  if (wrong)
    report.drift({
      kind: 'bundle-invalid',
      chain: null,
      what: `evidence package ${row.id}`,
      expected: 'a bundle over its manifest that verifies',
      found: checkWords(wrong),
      at: {
        table: 'packages',
        row: row.id,
        column: isKnown ? (SIGNED_BY.find((column) => row[column] !== null) ?? 'entries') : 'entries',
      },
    });
  if (!statement) return;
  const said = EvidencePackage.parse(statement.predicate);
  const listed = new Map(
    manifest
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const entries = [];
  for (const { path, digest, sizeBytes: recorded } of row.entries) {
    // What was deleted had the size that is on record, as far as anybody can tell.
    const sizeBytes = (await sizeOf(ctx, digest)) ?? ((await isDeletedObject(ctx.db, digest)) ? recorded : null);
    const wanted = path === MANIFEST ? manifestDigest : path === MANIFEST_BUNDLE ? bundleDigest : listed.get(path);
    entries.push({ path, digest: wanted ?? 'in its manifest', sizeBytes });
    listed.delete(path);
  }
  for (const [path, digest] of listed) entries.push({ path, digest, sizeBytes: null });
  const expected: Values = {
    entries,
    made_at: new Date(said.createdAt),
    verdict: said.chains.map(({ verdict }): Verdict => verdict).reduce(worst, 'verified'),
    chains: said.chains.map(({ name }) => name),
    ...(isKnown && signerValues(row, signedBy)),
  };
  compareRow(report, place, expected, row);
  if (said.package.id !== row.id) compareRow(report, place, { id: said.package.id }, row);
}
