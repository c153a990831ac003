'use client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { toCsv } from '@/app/_components/format/csv';
import { formatCount } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { saveCsv } from '@/app/_components/ui/save-csv';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { type ChainRecord, RecordPage } from '@/lib/schemas/chains';
import { type RecordFilter, recordsPath } from './filter';

const PAGE = 500;
/** A browser holds this much well; the report's access log has no end. */
const MOST = 50_000;
const COLUMNS = ['ordinal', 'line', 'byteOffset', 'byteLength', 'recordedAt', 'kind', 'decision', 'tool', 'target', 'reason', 'policy', 'agent', 'sessionId', 'runId', 'secretsRedacted', 'hash', 'integrity'] as const satisfies (keyof ChainRecord)[];

/** Saves the records the table shows, filters and all. */
export function ExportRecords({ chain, filter }: { chain: { id: string; name: string }; filter: RecordFilter }) {
  const [busy, setBusy] = useState(false);
  async function save(): Promise<void> {
    setBusy(true);
    try {
      const parts = [toCsv([COLUMNS])];
      let count = 0;
      let cursor: string | null = null;
      do {
        const page: z.infer<typeof RecordPage> = await api(RecordPage, recordsPath(chain.id, filter, cursor === null ? { from: 0 } : { cursor }, PAGE));
        parts.push(toCsv(page.items.map((record) => COLUMNS.map((column) => record[column]))));
        count += page.items.length;
        cursor = page.nextCursor;
      } while (cursor !== null && count < MOST);
      saveCsv(`${chain.name}-records`, parts);
      if (cursor !== null) toast(`The first ${formatCount(count)} records were saved`, { description: 'The access log of the report holds all of them.' });
    } catch (error) {
      toastError('The records could not be saved', sayError(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button look="ghost" disabled={busy} onClick={() => void save()}>
      <Download size={14} aria-hidden />
      {busy ? 'Reading…' : 'CSV'}
    </Button>
  );
}
