import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { parseRuleFile } from '../core/rules/parse';
import { perContext } from '../per-context';
import type { CatalogRule } from './catalog';
import { isAltered } from './is-altered';
import { type ShippedIntegrityRule, integrityRules } from './integrity-rules';
import { shippedRules } from './shipped-rules';

/** Who decided last whether a rule runs, and when; null where nobody did. */
type Decided = { by: string; at: Date; reason: string | null } | null;
/** Its text in force; null of one that ships. */
type Version = { version: number; savedBy: string; savedAt: Date } | null;

export type InstalledRule = { rule: CatalogRule; isEnabled: boolean; decided: Decided; own: Version };
/** A rule about chains, all of which ship. */
export type InstalledIntegrityRule = { rule: ShippedIntegrityRule; isEnabled: boolean; decided: Decided; own: null };
/** A rule of one's own whose text is not read, by this release at least. It runs over nothing, and others run. */
export type StuckRule = {
  id: string;
  title: string;
  digest: string;
  isEnabled: boolean;
  own: NonNullable<Version>;
  reason: { message: string; line: number; column: number };
};

type Read = { rule: CatalogRule } | { reason: StuckRule['reason'] };
/** Texts that were read, by digest: those in force and no others. */
const readTexts = perContext('rule-texts', () => new Map<string, Read>());

/** Every rule there is, enabled or not. A text is read once; what changed is asked of the database, which knows the digests. */
export async function installedRules(
  ctx: Context,
): Promise<{ rules: InstalledRule[]; aboutChains: InstalledIntegrityRule[]; stuck: StuckRule[] }> {
  const [shipped, ofChains, versions, settings] = await Promise.all([
    shippedRules(ctx),
    integrityRules(ctx),
    versionsInForce(ctx),
    ctx.db.selectFrom('rule_settings').selectAll().execute(),
  ]);
  const settingOf = new Map(settings.map((row) => [row.rule_id, row]));
  const decidedOf = (id: string) => {
    const setting = settingOf.get(id);
    return {
      isEnabled: setting?.is_enabled ?? true,
      decided: setting ? { by: setting.changed_by, at: setting.changed_at, reason: setting.reason } : null,
    };
  };
  const texts = await textsOf(ctx, versions);
  const taken = new Set([...shipped, ...ofChains].map(({ id }) => id.toLowerCase()));
  const rules = shipped.map((rule): InstalledRule => ({ rule, ...decidedOf(rule.id), own: null }));
  const stuck: StuckRule[] = [];
  for (const { rule_id: id, version, digest, title, saved_by: savedBy, saved_at: savedAt } of versions) {
    const read: Read | undefined = taken.has(id.toLowerCase()) ? { reason: SHIPS } : texts.get(digest);
    if (!read) continue;
    const own = { version, savedBy, savedAt };
    if ('rule' in read) rules.push({ rule: read.rule, ...decidedOf(id), own });
    else stuck.push({ id, title, digest, isEnabled: decidedOf(id).isEnabled, own, reason: read.reason });
  }
  const aboutChains = ofChains.map((rule): InstalledIntegrityRule => ({ rule, ...decidedOf(rule.id), own: null }));
  return { rules, aboutChains, stuck };
}

const SHIPS: StuckRule['reason'] = {
  message: 'a rule that ships with Sealtrail has this id: give this one another',
  line: 1,
  column: 1,
};

function versionsInForce({ db }: Context) {
  return db
    .selectFrom('own_rules as r')
    .innerJoin('rule_versions as v', (join) =>
      join.onRef('v.rule_id', '=', 'r.id').onRef('v.version', '=', 'r.version'),
    )
    .select(['v.rule_id', 'v.version', 'v.digest', 'v.title', 'v.saved_by', 'v.saved_at'])
    .orderBy('v.title')
    .orderBy('v.rule_id')
    .execute();
}

async function textsOf(
  ctx: Context,
  versions: readonly { rule_id: string; version: number; digest: string }[],
): Promise<ReadonlyMap<string, Read>> {
  const known = readTexts(ctx);
  const inForce = new Set(versions.map(({ digest }) => digest));
  for (const digest of known.keys()) if (!inForce.has(digest)) known.delete(digest);
  const unread = versions.filter(({ digest }) => !known.has(digest));
  if (unread.length === 0) return known;
  const rows = await ctx.db
    .selectFrom('rule_versions as v')
    .innerJoin('own_rules as r', (join) => join.onRef('r.id', '=', 'v.rule_id').onRef('r.version', '=', 'v.version'))
    .where(
      'v.rule_id',
      'in',
      unread.map(({ rule_id: id }) => id),
    )
    .select(['v.rule_id', 'v.digest', 'v.yaml'])
    .execute();
  // A copy: another call may forget what this one needs.
  const texts = new Map(known);
  for (const { rule_id: id, digest, yaml } of rows) {
    // What stands in the place of a text says nothing about it: the text may be put back.
    if (isAltered(ctx.hasher, { yaml, digest })) texts.set(digest, { reason: ALTERED });
    else {
      const read = readText(ctx, id, digest, yaml);
      known.set(digest, read);
      texts.set(digest, read);
    }
  }
  return texts;
}

const ALTERED: StuckRule['reason'] = {
  message: 'its text in the database is not the one that was saved: it does not have the SHA-256 of this version',
  line: 1,
  column: 1,
};

function readText(ctx: Context, id: string, digest: string, yaml: string): Read {
  try {
    const rule = parseRuleFile(yaml, `${id}.yml`);
    if (rule.id === id) return { rule: { ...rule, digest, yaml } };
    return { reason: { message: `its text states the id ${rule.id}`, line: 1, column: 1 } };
  } catch (error) {
    if (!(error instanceof AppError)) ctx.log.error({ err: error, ruleId: id }, 'a rule is not read');
    return { reason: placeOf(error) };
  }
}

/** Where a text is wrong, and how. */
export function placeOf(error: unknown): StuckRule['reason'] {
  const details = error instanceof AppError ? error.details : {};
  const [line, column] = [Number(details['line'] ?? 1), Number(details['column'] ?? 1)];
  const message = error instanceof Error ? error.message : String(error);
  // Messages about a place begin with it.
  const place = details['line'] === undefined ? '' : `${details['file']}:${line}:${column}: `;
  return { message: message.slice(place.length), line, column };
}
