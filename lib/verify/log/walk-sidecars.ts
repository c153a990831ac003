import type { SidecarCheck } from '../../core/sidecars/sidecar';
import type { SidecarWalk } from '../../core/sidecars/walk';
import type { LogSource } from './log-source';

/** Goes over a log once more, beside what lies next to it. `onChunk` sees its bytes go by. */
export async function walkSidecars(
  { files }: LogSource,
  walk: SidecarWalk,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<SidecarCheck> {
  for (const file of files) {
    for await (const chunk of file.open()) {
      walk.push(chunk);
      onChunk?.(chunk);
    }
    walk.endFile();
  }
  return walk.end();
}
