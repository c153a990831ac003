import type { RetentionState } from '@/lib/schemas/retention';
import { formatNoun } from '../format/number';

export const RETENTION_LABEL: Record<RetentionState, string> = {
  deleted: 'Deleted',
  deleting: 'Being deleted',
  held: 'Legal hold',
  'for-ever': 'Kept for ever',
  kept: 'Kept',
  'not-sealed': 'Not sealed',
  working: 'Being checked',
  damaged: 'Damaged',
  deletable: 'Can be deleted',
};

/** `184 days`, or that it is for ever. */
export function keepWords(keepDays: number | null): string {
  return keepDays === null ? 'for ever' : formatNoun(keepDays, 'day');
}
