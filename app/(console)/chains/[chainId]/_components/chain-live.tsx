'use client';
import { useHasRole } from '@/app/_components/access/role';
import { clsx } from 'clsx';
import { Radio } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatNoun } from '@/app/_components/format/number';
import { Ago, Time } from '@/app/_components/time/time';
import { useNow } from '@/app/_components/time/zone';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { refreshReached } from '@/app/_components/upload/refresh-reached';
import type { Chain, ChainDetail } from '@/lib/schemas/chains';

/** The page is drawn again at most this often, however fast the log grows. */
const REDRAW_MS = 1_500;
/** A tail nobody has appended to for this long is said to be quiet. */
const QUIET_MS = 60_000;

/** Follows the chain as it grows, and says what is open and since when it is quiet. */
export function ChainLive({ chain }: { chain: ChainDetail }) {
  const { chain: live, connected } = useLive(chain);
  const now = useNow();
  const { tail } = live;
  if (!tail) return null;
  const quiet = now - Date.parse(tail.appendedAt) > QUIET_MS;
  return (
    <p className="flex items-start gap-x-2" role="status" aria-live="off">
      <Radio
        size={14}
        aria-hidden
        className={clsx('mt-1 shrink-0', quiet ? 'text-v-warnings' : connected ? 'text-v-verified' : 'text-faint')}
      />
      <span>
        {quiet ? (
          <>
            Quiet since <Time at={tail.appendedAt} as="second" />, <Ago at={tail.appendedAt} />: nothing was appended
            since then
          </>
        ) : (
          <>
            Growing: last appended <Ago at={tail.appendedAt} />
          </>
        )}{' '}
        by {tail.appendedBy}. Open: {formatNoun(tail.records, 'record')}, {formatBytes(tail.bytes)}
        {tail.pendingBytes > 0 && `, ${formatNoun(tail.pendingBytes, 'byte')} of a line that is not complete`}.
        {!connected && ' Not followed just now: the server does not answer.'}{' '}
        {tail.records > 0 && <CloseNow chainId={chain.id} />}
      </span>
    </p>
  );
}

/** The newest figures the server reported, and whether it is being listened to; the page follows. */
function useLive(drawn: ChainDetail): { chain: Chain; connected: boolean } {
  const router = useRouter();
  const [reported, setReported] = useState<Chain | null>(null);
  const [connected, setConnected] = useState(true);
  const shown = useRef(drawn);
  useEffect(() => {
    shown.current = drawn;
  }, [drawn]);
  useEffect(() => {
    let redraw: ReturnType<typeof setTimeout> | null = null;
    const source = new EventSource(`/api/v1/chains/${drawn.id}/live`);
    source.addEventListener('open', () => setConnected(true));
    source.addEventListener('error', () => setConnected(false));
    source.addEventListener('chain', async ({ data }: MessageEvent<string>) => {
      if (isAsDrawn(data, shown.current)) return;
      // what reads it is loaded with the first that says something new
      const { Chain: Read } = await import('@/lib/schemas/browser/chain');
      const chain = Read.parse(JSON.parse(data));
      setReported(chain);
      if (
        chain.updatedAt === shown.current.updatedAt &&
        chain.progress.loaded === shown.current.progress.loaded &&
        chain.attestedRecords === shown.current.attestedRecords
      )
        return;
      redraw ??= setTimeout(() => {
        redraw = null;
        if (document.visibilityState === 'visible') void refreshReached(router);
      }, REDRAW_MS);
    });
    // Nothing is drawn while nobody looks.
    const seen = () => {
      if (document.visibilityState === 'visible') void refreshReached(router);
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      source.close();
      if (redraw) clearTimeout(redraw);
    };
  }, [drawn.id, router]);
  const chain = reported && reported.updatedAt >= drawn.updatedAt ? reported : drawn;
  return { chain, connected };
}

/** Whether a chain that does not grow is told of as the page has it, by its text alone. */
function isAsDrawn(data: string, { tail, updatedAt, progress, attestedRecords }: ChainDetail): boolean {
  const known = [`"updatedAt":"${updatedAt}"`, `"loaded":${progress.loaded}}`, `"attestedRecords":${attestedRecords},`];
  return tail === null && data.includes('"tail":null') && known.every((part) => data.includes(part));
}

/** What is open has no digest yet: closing gives it one, so that it can be signed. */
function CloseNow({ chainId }: { chainId: string }) {
  const { busy, submit } = useSubmit({ failed: 'The segment stays open' });
  const isOffered = useHasRole('ingest');
  const close = () => api<void>(null, `/api/v1/chains/${chainId}/close`, { method: 'POST', body: {} });
  if (!isOffered) return null;
  return (
    <button type="button" className="link" disabled={busy} onClick={() => submit(close)}>
      Close the segment now
    </button>
  );
}
