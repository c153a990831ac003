import { baseName } from '../dropped/recognise';
import { type Item, digestsOf } from '../item';
import type { Row } from '../outcome';

/** Holds the list of digests in a package against what the package holds. */
export function verifyManifest(manifest: Item, siblings: readonly Item[]): Row[] {
  if (manifest.what.kind !== 'manifest') return [];
  const others = siblings.filter(({ id }) => id !== manifest.id);
  const folder = manifest.source.name.slice(0, manifest.source.name.lastIndexOf('/') + 1);
  // Chosen one by one, files come without the folders they lay in, and whatever was not chosen is not missing.
  const isLoose = manifest.source.from === null;
  const byName = new Map(others.map((item) => [item.source.name, item]));
  const entries = manifest.what.entries.map(({ path, sha256 }) => ({
    path: isLoose ? baseName(path) : `${folder}${path}`,
    sha256,
  }));
  const missing = entries.filter(({ path }) => !byName.has(path)).map(({ path }) => path);
  const changed = entries.flatMap(({ path, sha256 }) => {
    const item = byName.get(path);
    return item && !digestsOf(item).includes(sha256) ? [{ path, stated: sha256, found: item.sha256 }] : [];
  });
  const listed = new Set(entries.map(({ path }) => path));
  // A signature over the list cannot be in the list.
  const added = others.filter(
    ({ source, what }) =>
      !listed.has(source.name) && !(what.kind === 'bundle' && source.name.startsWith(manifest.source.name)),
  );
  const unchanged: Row =
    changed.length > 0
      ? { step: 'files-unchanged', status: 'failed', reason: { code: 'files-changed', changed } }
      : {
          step: 'files-unchanged',
          status: 'passed',
          reason: { code: 'files-unchanged', files: entries.length - missing.length, manifest: manifest.source.name },
        };
  const here: Row =
    missing.length > 0
      ? {
          step: 'files-here',
          status: isLoose ? 'skipped' : 'failed',
          reason: { code: 'files-missing', paths: missing },
        }
      : { step: 'files-here', status: 'passed', reason: { code: 'files-here', files: entries.length } };
  return [unchanged, here, ...(isLoose ? [] : [addedRow(added)])];
}

function addedRow(added: readonly Item[]): Row {
  if (added.length === 0) return { step: 'files-listed', status: 'passed', reason: { code: 'nothing-added' } };
  return {
    step: 'files-listed',
    status: 'failed',
    reason: { code: 'files-added', paths: added.map(({ source }) => source.name) },
  };
}
