import type { PackageEntry } from '../schemas/packages';

export const MANIFEST = 'MANIFEST.sha256';
export const MANIFEST_BUNDLE = `${MANIFEST}.sigstore.json`;

/** The manifest as `sha256sum -c` reads it: every file but itself and the bundle over it, by path. */
export function manifestOf(entries: readonly PackageEntry[]): string {
  return entries.map(({ path, digest }) => `${digest}  ${path}\n`).join('');
}
