import 'server-only';
import { fileURLToPath } from 'node:url';
import type { EvidenceObserver } from './damage-reports';
import { openFileStore } from './file-store';
import type { FreeBytes } from './room';
import { openS3Store } from './s3-store';
import type { EvidenceStore } from './store';

/** Opens the store an `EVIDENCE_URL` names: `file:///…` or `s3://bucket/prefix`. */
export async function openEvidence(
  evidenceUrl: string,
  options: { reserveBytes?: number; freeBytes?: FreeBytes; observer?: EvidenceObserver } = {},
): Promise<EvidenceStore> {
  const url = new URL(evidenceUrl);
  return url.protocol === 's3:' ? openS3Store(url, options) : openFileStore(fileURLToPath(url), options);
}
