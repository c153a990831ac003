import 'server-only';
import { fileURLToPath } from 'node:url';
import { openFileStore } from './file-store';
import type { EvidenceStore } from './store';

/** Opens the store an `EVIDENCE_URL` names. */
export function openEvidence(evidenceUrl: string): Promise<EvidenceStore> {
  return openFileStore(fileURLToPath(evidenceUrl));
}
