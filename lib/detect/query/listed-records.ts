import 'server-only';
import { FindingRecord } from '../../schemas/findings';

/**
 * The records a finding lists, as its row has them. Who may write to the database may have put something else among them, which `fsck` tells of: that is no
 * record, and keeps none of the others from being read.
 */
export function listedRecords(stored: unknown): FindingRecord[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((one) => FindingRecord.safeParse(one).data ?? []);
}
