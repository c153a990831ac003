import 'server-only';
import type { Context } from '../../context';
import { COLUMNS, type Decision } from '../../core/event/fields';
import type { ChainRecord } from '../../schemas/chains';
import { briefInstant, isUnknownTime } from '../time';
import { EVENTS, select } from './events';
import { type Damaged, INTEGRITY, NO_DAMAGE, damageParameters } from './integrity';

/** What lists show of a record, and what its page adds to that itself. */
export const RECORD_COLUMNS = COLUMNS.filter(
  ({ name }) => name !== 'segment_index' && name !== 'segment_digest' && name !== 'prev_hash' && name !== 'sequence',
);
const SELECTED = RECORD_COLUMNS.map(({ name, key }) => `${name === 'integrity' ? INTEGRITY : name} AS ${key}`).join(
  ', ',
);

export type RecordFilter = {
  damaged: Damaged;
  decision?: readonly Decision[] | undefined;
  q?: string | undefined;
  /** Only records with a problem. */
  broken?: boolean | undefined;
};

/** Records of a chain in order from `from` on. */
export async function pageOfRecords(
  ctx: Context,
  { chainId, from, limit, filter }: { chainId: string; from: number; limit: number; filter: RecordFilter },
): Promise<ChainRecord[]> {
  const rows = await select<ChainRecord>(
    ctx,
    `SELECT ${SELECTED} FROM ${EVENTS} WHERE ${where(filter)} AND ordinal >= {from: UInt64} ORDER BY ordinal LIMIT {limit: UInt32}`,
    { chainId, from, limit, ...parameters(filter) },
  );
  return rows.map(shownRecord);
}

/** One whose bytes were just read as what was stored. */
export async function recordAt(ctx: Context, chainId: string, ordinal: number): Promise<ChainRecord | null> {
  const [row] = await select<ChainRecord>(
    ctx,
    `SELECT ${SELECTED} FROM ${EVENTS} WHERE chain_id = {chainId: UUID} AND ordinal = {ordinal: UInt64} LIMIT 1`,
    { chainId, ordinal, ...damageParameters(NO_DAMAGE) },
  );
  return row ? shownRecord(row) : null;
}

type Place = { chainId: string; ordinal: number };

/** Records at single places of any chains, as far as the lake has them, in no order. */
export async function recordsAt(ctx: Context, places: readonly Place[], damaged: Damaged): Promise<ChainRecord[]> {
  const rows = await atPlaces<ChainRecord>(ctx, SELECTED, places, damageParameters(damaged));
  return rows.map(shownRecord);
}

/** What is told of a record in a sentence. */
export type Told = Pick<
  ChainRecord,
  'chainId' | 'ordinal' | 'agent' | 'sessionId' | 'tool' | 'target' | 'decision' | 'secretsRedacted'
>;
const TOLD = `chain_id AS chainId, ordinal, agent, session_id AS sessionId, tool, target, decision, secrets_redacted AS secretsRedacted`;

/** Of records at single places what is told of them. */
export async function toldAt(ctx: Context, places: readonly Place[]): Promise<Told[]> {
  return atPlaces(ctx, TOLD, places, {});
}

/** What a record says and where it lies, for who is handed it as evidence. `segmentSha256` is empty while its segment is open. */
export type Evidenced = Pick<
  ChainRecord,
  | 'chainId'
  | 'ordinal'
  | 'agent'
  | 'sessionId'
  | 'tool'
  | 'target'
  | 'decision'
  | 'reason'
  | 'hash'
  | 'byteOffset'
  | 'byteLength'
> & { recordedAt: string; segmentSha256: string };
const EVIDENCED = `${TOLD.replace(', secrets_redacted AS secretsRedacted', '')}, reason, hash, byte_offset AS byteOffset, byte_length AS byteLength,
  toString(recorded_at) AS recordedAt, toString(segment_digest) AS segmentSha256`;

/** Those of single places that there are. */
export async function evidencedAt(ctx: Context, places: readonly Place[]): Promise<Evidenced[]> {
  const rows = await atPlaces<Evidenced>(ctx, EVIDENCED, places, {});
  return rows.map((row) => ({ ...row, recordedAt: briefInstant(row.recordedAt) }));
}

/** What records at single places can be put in order by. */
export type Compared = Pick<ChainRecord, 'chainId' | 'ordinal' | 'decision' | 'tool' | 'target' | 'integrity'>;

export async function comparedAt(ctx: Context, places: readonly Place[], damaged: Damaged): Promise<Compared[]> {
  const selected = `chain_id AS chainId, ordinal, decision, tool, target, ${INTEGRITY} AS integrity`;
  return atPlaces(ctx, selected, places, damageParameters(damaged));
}

async function atPlaces<Row>(
  ctx: Context,
  selected: string,
  places: readonly Place[],
  parameters: Record<string, unknown>,
): Promise<Row[]> {
  if (places.length === 0) return [];
  return select(
    ctx,
    `SELECT ${selected} FROM ${EVENTS} WHERE chain_id IN {chains: Array(UUID)} AND ordinal IN {ordinals: Array(UInt64)}
      AND has(arrayZip({chains: Array(UUID)}, {ordinals: Array(UInt64)}), (chain_id, ordinal))`,
    { chains: places.map(({ chainId }) => chainId), ordinals: places.map(({ ordinal }) => ordinal), ...parameters },
  );
}

export async function countRecords(ctx: Context, chainId: string, filter: RecordFilter): Promise<number> {
  const [row] = await select<{ total: number }>(ctx, `SELECT count() AS total FROM ${EVENTS} WHERE ${where(filter)}`, {
    chainId,
    ...parameters(filter),
  });
  return row?.total ?? 0;
}

export function isFiltered({ decision, q, broken }: Omit<RecordFilter, 'damaged'>): boolean {
  return Boolean(decision || q || broken);
}

function where({ decision, q, broken }: RecordFilter): string {
  return [
    'chain_id = {chainId: UUID}',
    ...(decision ? ['decision IN {decision: Array(String)}'] : []),
    ...(broken ? [`${INTEGRITY} != 'ok'`] : []),
    ...(q
      ? [
          `positionCaseInsensitiveUTF8(concat(tool, '\\n', target, '\\n', agent, '\\n', session_id, '\\n', reason, '\\n', kind, '\\n', hash), {q: String}) > 0`,
        ]
      : []),
  ].join(' AND ');
}

function parameters({ damaged, decision, q }: RecordFilter): Record<string, unknown> {
  return {
    ...damageParameters(damaged),
    ...(decision && { decision }),
    ...(q && { q }),
  };
}

export function shownRecord(row: ChainRecord): ChainRecord {
  return { ...row, recordedAt: row.recordedAt === null || isUnknownTime(row.recordedAt) ? null : row.recordedAt };
}
