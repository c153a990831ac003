import 'server-only';
import type { Context } from '../context';
import type { RuleFile } from '../core/rules/rule';
import { installedRules } from './installed-rules';

/** A rule file with the SHA-256 of its bytes: the digest statements and findings cite. */
export type CatalogRule = RuleFile & { digest: string; yaml: string };

/** Every rule that runs: those that ship and those people wrote, without what is disabled or cannot be read. */
export async function catalog(ctx: Context): Promise<CatalogRule[]> {
  const { rules } = await installedRules(ctx);
  return rules.flatMap(({ rule, isEnabled }) => (isEnabled ? [rule] : []));
}
