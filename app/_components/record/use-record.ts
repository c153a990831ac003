import { RecordDetail } from '@/lib/schemas/browser/record';
import { type Loaded, useJson } from '../api/use-json';

/** One record as it is read from evidence; null reads none. */
export function useRecord(record: { chainId: string; ordinal: number } | null): Loaded<RecordDetail> {
  return useJson(RecordDetail, record && `/api/v1/chains/${record.chainId}/records/${record.ordinal}`);
}

/** Where its line lies in the log. */
export function placeWords(loaded: Loaded<RecordDetail>, count: (value: number) => string): string {
  return loaded.state === 'ready'
    ? `line ${count(loaded.value.line)}, byte ${count(loaded.value.byteOffset)}, ${count(loaded.value.byteLength)} bytes long`
    : 'Reading it from evidence';
}
