import 'server-only';
import type { Context } from '../../context';
import type { Period } from '../../schemas/common';
import { EVENTS, IN_PERIOD, periodParameters, selectStream } from './events';

/** Which records of a period an export holds. */
const CONDITION = { all: 'true', denied: `decision = 'deny'`, 'with-secrets': 'secrets_redacted > 0' } as const;
export type ExportOf = keyof typeof CONDITION;

export type ExportedRow = { chain_id: string } & Record<string, string | number>;

/** Columns of an export of records, in order, as they are named in it; the chain's id is not among them. */
export const EXPORTED = [
  'recorded_at',
  'ordinal',
  'agent',
  'session_id',
  'tool',
  'target',
  'decision',
  'reason',
  'policy',
  'secrets_redacted',
  'integrity',
  'hash',
  'segment_sha256',
] as const;

/** Records of a period, oldest first, in batches. */
export function exportRecords(
  ctx: Context,
  of: ExportOf,
  period: Period,
): AsyncGenerator<ExportedRow[], void, undefined> {
  const columns = EXPORTED.map((name) => (name === 'segment_sha256' ? 'segment_digest AS segment_sha256' : name));
  return selectStream(
    ctx,
    `SELECT chain_id, ${columns.join(', ')} FROM ${EVENTS} WHERE ${CONDITION[of]} AND ${IN_PERIOD} ORDER BY recorded_at, chain_id, ordinal`,
    periodParameters(period),
  );
}
