import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { MAX_RULE_LENGTH, type RuleImport } from '../../schemas/rules';
import { queueBackfill } from '../backfill/request-backfill';
import type { CatalogRule } from '../catalog';
import { placeOf } from '../installed-rules';
import { shippedRules } from '../shipped-rules';
import { readRule } from './read-rule';
import { type RuleText, readRuleFiles } from './rule-files';
import { insertRule, requireRoom, takenIds } from './save-rule';

type Import = {
  body: AsyncIterable<Uint8Array>;
  name: string;
  isDryRun: boolean;
  isEnabled: boolean;
  actor: Actor;
  signal?: AbortSignal;
};
type Read = { file: string; rule: CatalogRule };
type Refused = RuleImport['refused'][number];

/**
 * Keeps the rules of a file, or of an archive of them, as rules of one's own: all that can be, in one transaction, and of each other why it is not.
 * A dry run says the same and keeps nothing.
 * @throws AppError TOO_LARGE, UNREADABLE_BODY for an archive that is not read; CONFLICT past 1,000 rules.
 */
export async function importRules(
  ctx: Context,
  { body, name, isDryRun, isEnabled, actor, signal }: Import,
): Promise<RuleImport> {
  const { texts, otherFiles } = await readRuleFiles(body, name);
  const read: Read[] = [];
  const refused: Refused[] = [];
  for (const text of texts) {
    signal?.throwIfAborted();
    const one = await readOne(ctx, text, signal);
    if ('rule' in one) read.push(one);
    else refused.push(one);
  }
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'rules', '');
    const sorted = await sort(ctx, tx, read);
    await requireRoom(tx, sorted.taken.length);
    if (!isDryRun) {
      for (const { rule } of sorted.taken) {
        await insertRule(tx, rule, { note: '', isEnabled, actor, now: ctx.now() });
        if (isEnabled) await queueBackfill(ctx, tx, rule);
      }
      await audit.appendAll(
        tx,
        sorted.taken.map(({ rule: { id, digest } }) => ({
          actor,
          action: 'rule.import' as const,
          subjectId: id,
          details: { digest, isEnabled, version: 1 },
        })),
      );
    }
    return {
      isDryRun,
      taken: sorted.taken.map(({ file, rule: { id, title, level } }) => ({ file, id, title, level })),
      known: sorted.known.map(({ file, rule: { id, title } }) => ({ file, id, title })),
      refused: [...refused, ...sorted.refused].toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
      otherFiles,
    };
  });
}

async function readOne(ctx: Context, { file, text }: RuleText, signal?: AbortSignal): Promise<Read | Refused> {
  if (text === null)
    return {
      file,
      line: 1,
      column: 1,
      message: `is no text in UTF-8 of at most ${MAX_RULE_LENGTH} characters without NUL`,
    };
  try {
    return { file, rule: await readRule(ctx, text, file, signal) };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'BAD_REQUEST')) throw error;
    return { file, ...placeOf(error) };
  }
}

/** Which are new, which are here already, and which have the id of another. */
async function sort(
  ctx: Context,
  tx: Tx,
  read: readonly Read[],
): Promise<{ taken: Read[]; known: Read[]; refused: Refused[] }> {
  const ids = read.map(({ rule }) => rule.id);
  const there = await takenIds(ctx, tx, ids);
  const digests = new Set([
    ...(await shippedRules(ctx)).map(({ digest }) => digest),
    ...(ids.length === 0
      ? []
      : await tx.selectFrom('rule_versions').select('digest').where('rule_id', 'in', ids).execute()
    ).map(({ digest }) => digest),
  ]);
  const fileOf = new Map<string, string>();
  const sorted: Awaited<ReturnType<typeof sort>> = { taken: [], known: [], refused: [] };
  for (const one of read) {
    const { file, rule } = one;
    const refuse = (message: string) => sorted.refused.push({ file, line: 1, column: 1, message });
    const before = fileOf.get(rule.id);
    if (there.has(rule.id) && digests.has(rule.digest)) sorted.known.push(one);
    else if (there.has(rule.id))
      refuse(`there is another rule with the id ${rule.id}: edit that one, or change the id`);
    else if (before !== undefined) refuse(`has the id ${rule.id} of ${before}`);
    else {
      fileOf.set(rule.id, file);
      sorted.taken.push(one);
    }
  }
  return sorted;
}
