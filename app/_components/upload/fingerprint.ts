import { Tar } from './tar';

/** Files from this size on are sent in parts, so that they can be gone on with. */
export const RESUMABLE_FROM_BYTES = 8 * 1024 * 1024;

/** What a person chooses to go on: the file, the folder, or the files that were packed together. */
export type Kind = 'file' | Tar['packed'];

/** The same for the same file sent to the same chain, as far as a browser can tell without reading it; null for one sent in one piece. */
export function fingerprintOf(file: File, chain: string | null): string | null {
  if (file.size <= RESUMABLE_FROM_BYTES) return null;
  const [kind, stamp] = file instanceof Tar ? [file.packed, file.stamp] : ['file', file.lastModified];
  return ['sealtrail', kind, file.name, file.size, stamp, chain ?? ''].map(encodeURIComponent).join(':');
}

/** What the browser's storage holds under a key of tus-js-client, when it is an upload of ours. */
export function readKey(
  key: string,
): { fingerprint: string; kind: Kind; name: string; sizeBytes: number; chain: string | null } | null {
  const [, fingerprint] = /^tus::(sealtrail:.+)::\d+$/.exec(key) ?? [];
  const [, kind, name, size, , chain] = fingerprint?.split(':').map(decodeURIComponent) ?? [];
  if (!fingerprint || !name || !size || (kind !== 'file' && kind !== 'folder' && kind !== 'files')) return null;
  return { fingerprint, kind, name, sizeBytes: Number(size), chain: chain || null };
}
