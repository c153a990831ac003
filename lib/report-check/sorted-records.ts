import 'server-only';
import type { Readable } from 'node:stream';
import { matchesSearch } from '../core/search/matches';
import type { Search } from '../core/search/search';
import { briefInstant } from '../lake/time';
import { RECORD_COLUMNS } from '../reports/csv';
import { csvStream } from '../reports/csv-stream';
import { orderOfId } from './counted';
import { type DerivedRecord, recordsOf } from './records';
import { SortedRows } from './sorted-rows';

/** Records in the order of their time, and of one time in that of the lake. */
export type SortedRecords = SortedRows<DerivedRecord>;

/** Every record that a run is of, from the bytes it names, in files of the folder. @throws as `recordsOf`. */
export async function sortRecords(
  ctx: Parameters<typeof recordsOf>[0],
  run: Parameters<typeof recordsOf>[1],
  folder: string,
  tell: Parameters<typeof recordsOf>[2] & { record?(record: DerivedRecord): void; batch?(): Promise<void> },
): Promise<SortedRecords> {
  const sorted = new SortedRows<DerivedRecord>(folder);
  for await (const batch of recordsOf(ctx, run, tell)) {
    for (const row of batch) {
      tell.record?.(row);
      await sorted.add(`${row.recorded_at} ${orderOfId(row.chain_id)} ${String(row.ordinal).padStart(20, '0')}`, row);
    }
    await tell.batch?.();
  }
  return sorted;
}

/** Of each chain the first and the last time that records state, of records in any order. */
export function spansByChain() {
  const spans = new Map<string, { from: string; to: string }>();
  return {
    add({ chain_id: id, recorded_at: at }: DerivedRecord): void {
      const of = spans.get(id) ?? { from: at, to: at };
      spans.set(id, { from: at < of.from ? at : of.from, to: at > of.to ? at : of.to });
    },
    of(id: string): { from: string; to: string } | null {
      const span = spans.get(id);
      return span ? { from: briefInstant(span.from), to: briefInstant(span.to) } : null;
    },
  };
}

/** The table of those that a search finds. */
export function recordTable(
  sorted: SortedRecords,
  search: Search,
  { bom, onRow }: { bom: boolean; onRow?: () => void },
): Readable {
  const rows = async function* () {
    for await (const row of sorted.read()) {
      if (!matchesSearch(search, { chainName: String(row['chain']), fields: row })) continue;
      onRow?.();
      yield row;
    }
  };
  return csvStream(rows(), RECORD_COLUMNS, { bom });
}
