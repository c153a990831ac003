import { ExportCsv } from '@/app/_components/ui/export-csv';
import { type RecordFilter, isFiltered, recordsFilter } from './filter';

/** Saves every record that matches, however many these are. */
export function ExportRecords({ chain, filter }: { chain: { id: string; records: number }; filter: RecordFilter }) {
  return (
    <ExportCsv
      href={`/api/v1/chains/${chain.id}/tables/records.csv?${recordsFilter(filter)}`}
      rows={isFiltered(filter) ? null : chain.records}
    />
  );
}
