import type { Hasher } from '../core/chain/format';

/** Whether a text of a rule or of a suppression is not the one that was saved: what the database holds does not have the SHA-256 it holds beside it. */
export function isAltered(hasher: Hasher, { yaml, digest }: { yaml: string; digest: string }): boolean {
  return hasher.sha256(Buffer.from(yaml)) !== digest;
}
