import 'server-only';
import type { Db, Tx } from '../../db/database';
import type { CatalogRule } from '../catalog';
import type { Range } from '../range';

/** Of texts that look at what was before them: whether all of that was looked at, and what it was. By digest. */
export async function backfillsOf(
  db: Db | Tx,
  rules: readonly Pick<CatalogRule, 'digest'>[],
): Promise<Map<string, { isDone: boolean; range: Range | undefined }>> {
  if (rules.length === 0) return new Map();
  const rows = await db
    .selectFrom('rule_backfills')
    .select(['rule_digest', 'state', 'records_from', 'records_to'])
    .where(
      'rule_digest',
      'in',
      rules.map(({ digest }) => digest),
    )
    .execute();
  return new Map(
    rows.map(({ rule_digest: digest, state, records_from: from, records_to: to }) => [
      digest,
      { isDone: state === 'done', range: from && to ? { from, to } : undefined },
    ]),
  );
}
