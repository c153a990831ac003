import { baseName } from '../dropped/recognise';
import { type Item, digestsOf } from '../item';
import type { Row } from '../outcome';
import { figure, many, some } from './words';

/** Holds the list of digests in a package against what the package holds. */
export function judgeManifest(manifest: Item, siblings: readonly Item[]): Row[] {
  if (manifest.what.kind !== 'manifest') return [];
  const others = siblings.filter(({ id }) => id !== manifest.id);
  const folder = manifest.source.name.slice(0, manifest.source.name.lastIndexOf('/') + 1);
  // Chosen one by one, files come without the folders they lay in, and whatever was not chosen is not missing.
  const isLoose = manifest.source.from === null;
  const byName = new Map(others.map((item) => [item.source.name, item]));
  const entries = manifest.what.entries.map(({ path, sha256 }) => ({ path: isLoose ? baseName(path) : `${folder}${path}`, sha256 }));
  const missing = entries.filter(({ path }) => !byName.has(path)).map(({ path }) => path);
  const changed = entries.flatMap(({ path, sha256 }) => {
    const item = byName.get(path);
    return item && !digestsOf(item).includes(sha256) ? [`${path} (stated ${sha256}, found ${item.sha256 ?? 'unreadable bytes'})`] : [];
  });
  const listed = new Set(entries.map(({ path }) => path));
  // A signature over the list cannot be in the list.
  const added = others.filter(({ source, what }) => !listed.has(source.name) && !(what.kind === 'bundle' && source.name.startsWith(manifest.source.name)));
  return [
    { outcome: changed.length > 0 ? 'fails' : 'holds', title: 'Every file is as the manifest lists it', detail: changed.length > 0 ? `Changed since: ${some(changed)}.` : `${many(entries.length - missing.length, 'file')}, each with the SHA-256 that ${manifest.source.name} states.` },
    { outcome: missing.length === 0 ? 'holds' : isLoose ? 'unchecked' : 'fails', title: 'No file is missing', detail: missing.length > 0 ? `Listed and not here: ${some(missing)}.` : `All ${figure(entries.length)} that are listed are here.` },
    ...(isLoose ? [] : [addedRow(added)]),
  ];
}

function addedRow(added: readonly Item[]): Row {
  const title = 'No file was added';
  return added.length > 0 ? { outcome: 'fails', title, detail: `Here and not listed: ${some(added.map(({ source }) => source.name))}.` } : { outcome: 'holds', title, detail: 'Nothing is here that is not listed.' };
}
