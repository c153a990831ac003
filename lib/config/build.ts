import 'server-only';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { VERSION } from './version';

const SOURCES = ['lib', 'workers', 'package-lock.json'];

/** What tells one build of the program from another: its version, and the digest of the sources a worker runs. */
export async function buildId(rootDir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesIn(path.join(rootDir, source)))
      hash
        .update(file)
        .update('\0')
        .update(await readFile(file))
        .update('\0');
  }
  return `${VERSION}+${hash.digest('hex').slice(0, 12)}`;
}

/** The files that make the program, in order; a path that is a file is itself. */
async function filesIn(at: string): Promise<string[]> {
  const entries = await readdir(at, { withFileTypes: true, recursive: true }).catch(() => null);
  if (!entries) return [at];
  return entries
    .filter(
      (entry) =>
        entry.isFile() && /\.(ts|mjs|json|yml)$/.test(entry.name) && !/(^|\/)fixtures(\/|$)/.test(entry.parentPath),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}
