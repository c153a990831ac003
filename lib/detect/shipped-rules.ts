import 'server-only';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context';
import { parseRuleFile } from '../core/rules/parse';
import { perContextOnceMade } from '../per-context';
import type { CatalogRule } from './catalog';

/** Every rule that ships, by file name; read once in a process. */
export const shippedRules = perContextOnceMade('shipped-rules', async (ctx: Context): Promise<CatalogRule[]> => {
  const directory = path.join(ctx.env.rootDir, 'lib/core/rules/catalog');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yml')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(path.join(directory, name));
      const yaml = bytes.toString('utf8');
      return { ...parseRuleFile(yaml, name), digest: ctx.hasher.sha256(bytes), yaml };
    }),
  );
});
