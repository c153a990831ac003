import type { PackageEntry } from '../schemas/packages';

/** The manifest as `sha256sum -c` reads it: every file but itself and the bundle over it, by path. */
export function manifestOf(entries: readonly PackageEntry[]): string {
  return entries.map(({ path, digest }) => `${digest}  ${path}\n`).join('');
}
