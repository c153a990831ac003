'use client';
import { Link } from '@/app/_components/ui/link';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { formatNoun } from '@/app/_components/format/number';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { Chain } from '@/lib/schemas/chains';

const LOOK_MS = 1500;

/** Waits for what is sent under a name, and says how much has come. */
export function FirstRecord({ name }: { name: string }) {
  const [chain, setChain] = useState<Chain | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const abort = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const { ChainPage } = await import('@/lib/schemas/chains');
        const { items } = await api(ChainPage, `/api/v1/chains?limit=500&q=${encodeURIComponent(name)}`, {
          signal: abort.signal,
        });
        setChain(items.find((one) => one.name === name) ?? null);
        setFailure(null);
      } catch (cause) {
        if (abort.signal.aborted) return;
        setFailure(sayError(cause));
      }
      timer = setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [name]);
  return (
    <div role="status" className="space-y-2">
      {chain && chain.records > 0 ? (
        <>
          <p className="flex flex-wrap items-center gap-x-3">
            <span className="font-medium">Received {formatNoun(chain.records, 'record')}</span>
            <VerdictMark verdict={chain.verdict} />
          </p>
          <p>
            <Link className="link" href={`/chains/${chain.id}`}>
              Open {name}
            </Link>
          </p>
        </>
      ) : (
        <p className="text-muted">Waiting for the first record … this page follows by itself.</p>
      )}
      {failure && <p className="text-v-tampered">{failure} Asked again by itself.</p>}
    </div>
  );
}
