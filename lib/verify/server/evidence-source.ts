import 'server-only';
import type { EvidenceStore } from '../../evidence/store';
import { openFile } from '../log/head';
import type { LogSource } from '../log/log-source';

/** The closed segments of a chain as they lie in evidence, each a file. They are read whole, and so proven. */
export function evidenceSource(
  evidence: EvidenceStore,
  segments: readonly { digest: string }[],
  signal?: AbortSignal,
): LogSource {
  return { files: segments.map(({ digest }) => openFile(digest, () => segmentBytes(evidence, digest, signal))) };
}

/** The bytes of a segment, until the signal is given. */
export async function* segmentBytes(
  evidence: EvidenceStore,
  digest: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of await evidence.read(digest)) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
