import 'server-only';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context';
import { type IntegrityRule, parseIntegrityRule } from '../core/rules/integrity/parse';
import { perContextOnceMade } from '../per-context';

/** A rule about chains themselves, with the SHA-256 of its file. */
export type ShippedIntegrityRule = IntegrityRule & { digest: string; yaml: string };

/** A worker holds them against all chains so often. */
export const CHAINS_EVERY_MS = 5_000;

/** Every rule about chains themselves, by file name; read once in a process. */
export const integrityRules = perContextOnceMade(
  'integrity-rules',
  async (ctx: Context): Promise<ShippedIntegrityRule[]> => {
    const directory = path.join(ctx.env.rootDir, 'lib/core/rules/integrity/catalog');
    const names = (await readdir(directory)).toSorted();
    return Promise.all(
      names.map(async (name) => {
        const bytes = await readFile(path.join(directory, name));
        const yaml = bytes.toString('utf8');
        return { ...parseIntegrityRule(yaml, name), digest: ctx.hasher.sha256(bytes), yaml };
      }),
    );
  },
);
