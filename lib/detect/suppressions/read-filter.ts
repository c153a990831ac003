import 'server-only';
import type { Context } from '../../context';
import { type NamedRule, parseSuppression } from '../../core/rules/suppression';
import type { Predicate } from '../../core/rules/rule';
import { requireSize } from '../../core/rules/size';
import { requireAnswer } from '../../lake/query/try-rule';
import type { CatalogRule } from '../catalog';
import { installedRules } from '../installed-rules';

export type Filter = { title: string; keeps: Predicate; rules: Pick<CatalogRule, 'id' | 'title'>[]; digest: string };

/**
 * Reads the Sigma filter of a suppression: of rules that are here, and one the event lake can be asked for.
 * @throws AppError BAD_REQUEST with file, line and column.
 */
export async function readFilter(ctx: Context, yaml: string, signal?: AbortSignal): Promise<Filter> {
  const { title, rules: named, keeps } = parseSuppression(yaml, 'filter');
  const { rules: installed, aboutChains } = await installedRules(ctx);
  const known = installed.map(({ rule }) => rule);
  const chainRules = new Set(aboutChains.map(({ rule }) => rule.id.toLowerCase()));
  const rules = new Map<string, CatalogRule>();
  for (const one of named) {
    const rule = ruleOf(one, known, chainRules);
    rules.set(rule.id, rule);
  }
  const [first] = rules.values();
  if (first) {
    const asked = { ...first, generated: [], bases: first.bases.map((base) => ({ ...base, where: keeps })) };
    requireSize(asked, 'filter');
    await requireAnswer(ctx, asked, 'filter', signal);
  }
  return {
    title,
    keeps,
    rules: [...rules.values()].map(({ id, title: called }) => ({ id, title: called })),
    digest: ctx.hasher.sha256(Buffer.from(yaml)),
  };
}

/** A rule by its id, or by the id or name of the one rule it is made of. */
function ruleOf(
  { name, refuse }: NamedRule,
  known: readonly CatalogRule[],
  chainRules: ReadonlySet<string>,
): CatalogRule {
  const wanted = name.toLowerCase();
  const byId = known.find(({ id }) => id.toLowerCase() === wanted);
  if (byId) return byId;
  if (chainRules.has(wanted))
    refuse(`the rule "${name}" is about chains and not about records: take it out of force instead`);
  const [rule, second] = known.filter(
    ({ bases: [base, ...others] }) =>
      base && others.length === 0 && (base.id.toLowerCase() === wanted || base.name === name),
  );
  if (second) refuse(`several rules here have a rule called "${name}": name the one that is meant by its id`);
  return rule ?? refuse(`no rule here has the id or name "${name}"`);
}
