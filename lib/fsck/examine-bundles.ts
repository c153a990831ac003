import 'server-only';
import type { Context } from '../context';
import { type Trust, verifyBundle } from '../core/statements/verify-bundle';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { isDamage } from '../evidence/damage';
import { readObject } from '../evidence/store';
import type { Reporter } from './drift';

const PAGE = 200;

/** Verifies every bundle against who is on record as having signed it and the trusted root given, and its subjects against the segments it is on record for. */
export async function examineBundles(ctx: Context, report: Reporter, trustedRoot: unknown): Promise<void> {
  const keys = await ownKeys(ctx.db);
  for (let [afterId, afterN] = ['00000000-0000-0000-0000-000000000000', 0]; ; ) {
    const rows = await ctx.db
      .selectFrom('attestation_bundles as b')
      .innerJoin('attestations as a', 'a.id', 'b.attestation_id')
      .leftJoin('chains as c', 'c.id', 'a.chain_id')
      .select(['a.id', 'b.n', 'b.digest', 'b.predicate_type', 'c.name', ...SIGNED_BY])
      .where((eb) => eb(eb.refTuple('b.attestation_id', 'b.n'), '>', eb.tuple(afterId, afterN)))
      .orderBy('b.attestation_id')
      .orderBy('b.n')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const { id, n, digest, predicate_type: type, name } = row;
      const problem = await problemOf(ctx, { id, n, digest }, trustIn(row, { keys, trustedRoot }));
      report.examined.bundles += 1;
      if (problem) report.drift({ kind: 'bundle-invalid', chain: name ?? 'several chains', what: `attestation ${id}${n === 0 ? '' : `, ${type}`}`, expected: 'a bundle that verifies', found: problem });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    [afterId, afterN] = [last.id, last.n];
  }
}

/** Why a bundle does not hold; null when it does, or when it is missing, which is told with the objects. */
async function problemOf(ctx: Context, { id: attestationId, n, digest }: { id: string; n: number; digest: string }, trust: Trust): Promise<string | null> {
  try {
    const { steps, statement } = verifyBundle(JSON.parse((await readObject(ctx.evidence, digest)).toString('utf8')), { trust });
    const failed = steps.find(({ ok }) => !ok);
    if (failed) return `${failed.title}: ${failed.detail}`;
    if (n > 0) return null; // the others name only the bytes their result is about
    const stated = new Set(statement?.subject.map(({ digest: { sha256 } }) => sha256));
    const segments = await ctx.db.selectFrom('attestation_segments').select('digest').where('attestation_id', '=', attestationId).execute();
    const missing = segments.find((segment) => !stated.has(segment.digest));
    return missing ? `segment ${missing.digest} is on record as covered and no subject of the statement` : null;
  } catch (error) {
    if (isDamage(error)) return null;
    if (error instanceof SyntaxError) return `no JSON: ${error.message}`;
    throw error;
  }
}
