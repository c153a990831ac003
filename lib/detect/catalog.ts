import 'server-only';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context';
import { parseRuleFile } from '../core/rules/parse';
import type { RuleFile } from '../core/rules/rule';

/** A rule file with the SHA-256 of its bytes: the digest statements and findings cite. */
export type CatalogRule = RuleFile & { digest: string; yaml: string };

/** Rules that were read, by digest: a text is parsed once. */
const parsed = new Map<string, CatalogRule>();

/** Every rule that ships, by file name. Read afresh: a rule edited on disk runs as edited, under its new digest. */
export async function catalog(ctx: Context): Promise<CatalogRule[]> {
  const directory = path.join(ctx.env.rootDir, 'lib/core/rules/catalog');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yml')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(path.join(directory, name));
      const digest = ctx.hasher.sha256(bytes);
      const yaml = bytes.toString('utf8');
      const rule = parsed.get(digest) ?? { ...parseRuleFile(yaml, name), digest, yaml };
      parsed.set(digest, rule);
      return rule;
    }),
  );
}
