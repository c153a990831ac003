import type { ArtefactJudgement } from '../../core/sidecars/artefact';
import type { ArtefactWalk } from '../../core/sidecars/walk';
import type { LogSource } from './log-source';

/** Goes over a log once more, beside what lies next to it. `onChunk` sees its bytes go by. */
export async function walkSidecars({ files }: LogSource, walk: ArtefactWalk, onChunk?: (chunk: Uint8Array) => void): Promise<ArtefactJudgement> {
  for (const file of files) {
    for await (const chunk of file.open()) {
      walk.push(chunk);
      onChunk?.(chunk);
    }
    walk.endFile();
  }
  return walk.end();
}
