import 'server-only';
import type { ArchiveProgress } from '../schemas/uploads';

type Following = { owner: string; progress: ArchiveProgress };
const shared = globalThis as { sealtrailArchiveProgress?: Map<string, Following> }; // routes may be bundled apart

/** Remembers, in this process and until it ends, how far what a caller sends is taken in. `id` null: nobody will ask. */
export async function withProgress<T>(
  id: string | null,
  owner: string,
  work: (onProgress: (progress: ArchiveProgress) => void) => Promise<T>,
): Promise<T> {
  const all = (shared.sealtrailArchiveProgress ??= new Map<string, Following>());
  try {
    return await work((progress) => id !== null && all.set(id, { owner, progress }));
  } finally {
    if (id !== null) all.delete(id);
  }
}

/** How far it is; null when nothing of this caller is taken in under that id here, or what is is no archive. */
export function progressOf(id: string, owner: string): ArchiveProgress | null {
  const following = shared.sealtrailArchiveProgress?.get(id);
  return following?.owner === owner ? following.progress : null;
}
