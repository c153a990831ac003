import 'server-only';
import type { Context } from '../context';
import { MANIFEST_BUNDLE } from '../core/statements/predicates/evidence-package';
import { type Trust, verifyBundle } from '../core/statements/verify-bundle';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { isDamage } from '../evidence/damage';
import { readObject } from '../evidence/store';
import type { Reporter } from './drift';

const PAGE = 100;

/** Verifies the signature over the manifest of every evidence package against who is on record as having signed it and the trusted root given. */
export async function examinePackages(ctx: Context, report: Reporter, trustedRoot: unknown): Promise<void> {
  const keys = await ownKeys(ctx.db);
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await ctx.db.selectFrom('packages').select(['id', 'entries', 'manifest_digest', ...SIGNED_BY]).where('state', '=', 'done').where('id', '>', after).orderBy('id').limit(PAGE).execute();
    for (const row of rows) {
      // Of those made before it was taken down, anybody who ever signed here will do.
      const isKnown = SIGNED_BY.some((column) => row[column] !== null);
      const trust: Trust = isKnown ? trustIn(row, { keys, trustedRoot }) : { keys, trustedRoot, identities: [], require: { logEntries: 0, timestamps: 0 } };
      const digest = row.entries.find(({ path }) => path === MANIFEST_BUNDLE)?.digest ?? '';
      const problem = await problemOf(ctx, digest, row.manifest_digest ?? '', trust);
      report.examined.bundles += 1;
      if (problem) report.drift({ kind: 'bundle-invalid', chain: null, what: `evidence package ${row.id}`, expected: 'a bundle over its manifest that verifies', found: problem });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

/** Null when it holds, or when it is missing, which is told with the objects. */
async function problemOf(ctx: Context, digest: string, manifestSha256: string, trust: Trust): Promise<string | null> {
  try {
    const failed = verifyBundle(JSON.parse((await readObject(ctx.evidence, digest)).toString('utf8')), { trust, subjectSha256: manifestSha256 }).steps.find(({ ok }) => !ok);
    return failed ? `${failed.title}: ${failed.detail}` : null;
  } catch (error) {
    if (isDamage(error)) return null;
    if (error instanceof SyntaxError) return `no JSON: ${error.message}`;
    throw error;
  }
}
