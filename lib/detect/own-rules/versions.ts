import 'server-only';
import * as z from 'zod';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { decodeCursor, encodeCursor } from '../../db/cursor';
import type { Page, PageQuery } from '../../schemas/common';
import type { RuleVersion, RuleVersionText } from '../../schemas/rules';
import { isAltered } from '../is-altered';

const Cursor = z.tuple([z.int32()]);

/** Every text a rule of one's own had, the newest first. @throws AppError NOT_FOUND for one that ships, which has none. */
export async function listVersions(
  { db }: Context,
  { ruleId, cursor, limit }: { ruleId: string } & PageQuery,
): Promise<Page<RuleVersion>> {
  const [before] = cursor ? decodeCursor(Cursor, cursor) : [null];
  const rows = await db
    .selectFrom('rule_versions')
    .select(['version', 'digest', 'title', 'saved_by', 'saved_at', 'note'])
    .where('rule_id', '=', ruleId)
    .$if(before !== null, (query) => query.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(limit + 1)
    .execute();
  if (rows.length === 0 && before === null)
    throw new AppError('NOT_FOUND', 'no rule that was written here has this id', { ruleId });
  const items = rows.slice(0, limit).map(versionOf);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.version]) : null };
}

/** @throws AppError NOT_FOUND. */
export async function getVersion(
  { db, hasher }: Pick<Context, 'db' | 'hasher'>,
  { ruleId, version }: { ruleId: string; version: number },
): Promise<RuleVersionText> {
  const row = await db
    .selectFrom('rule_versions')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'the rule has no such version', { ruleId, version });
  return { ...versionOf(row), yaml: row.yaml, isAltered: isAltered(hasher, row) };
}

function versionOf(row: {
  version: number;
  digest: string;
  title: string;
  saved_by: string;
  saved_at: Date;
  note: string | null;
}): RuleVersion {
  return {
    version: row.version,
    digest: row.digest,
    title: row.title,
    savedBy: row.saved_by,
    savedAt: row.saved_at.toISOString(),
    note: row.note ?? '',
  };
}

/** The text in force of a rule that was written here, whether it is read or not; null for any other. */
export async function newestVersion(ctx: Context, { ruleId }: { ruleId: string }): Promise<RuleVersionText | null> {
  const own = await ctx.db.selectFrom('own_rules').select('version').where('id', '=', ruleId).executeTakeFirst();
  return own ? getVersion(ctx, { ruleId, version: own.version }) : null;
}
