'use client';
import { NotRead } from '../api/not-read';
import type { Loaded } from '../api/use-json';
import { Skeleton } from '../ui/skeleton';
import type { RecordDetail } from '@/lib/schemas/chains';
import { ProveRecord } from './prove-record';
import { type ChooseValue, RecordFacts } from './record-facts';
import { RecordFindings } from './record-findings';
import { type OpenRecord, RecordNeighbours } from './record-neighbours';
import { RecordProof } from './record-proof';
import { RecordRaw } from './record-raw';
import { SessionLinks } from './session-links';

/** Whether a record holds and how it is proven, what it says, what is said of it, where it stands, and its bytes. */
export function RecordView({
  loaded,
  onChoose,
  onOpen,
}: {
  loaded: Loaded<RecordDetail>;
  onChoose?: ChooseValue;
  onOpen?: OpenRecord;
}) {
  if (loaded.state === 'loading')
    return (
      <div className="space-y-5 p-4">
        <Skeleton className="h-28" />
        <Skeleton className="h-40" />
        <Skeleton className="h-72" />
      </div>
    );
  if (loaded.state === 'failed') return <NotRead what="This record" of={loaded} className="p-4" />;
  const record = loaded.value;
  return (
    <div className="space-y-5 p-4">
      <RecordProof record={record} />
      <SessionLinks record={record} />
      <ProveRecord record={record} />
      <RecordFacts record={record} {...(onChoose && { onChoose })} />
      <RecordFindings findings={record.findings} />
      <RecordNeighbours chainId={record.chainId} ordinal={record.ordinal} {...(onOpen && { onOpen })} />
      <RecordRaw raw={record.raw} command={commandOf(record)} cut={record.byteLength > 1024 * 1024} />
    </div>
  );
}

/** What asks for the record as it is shown here, for whoever has a token that may read. */
function commandOf({ chainId, ordinal }: RecordDetail): string {
  return `curl -f -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${window.location.origin}/api/v1/chains/${chainId}/records/${ordinal}`;
}
