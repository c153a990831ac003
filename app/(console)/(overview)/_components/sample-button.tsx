'use client';
import { FlaskConical } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import * as z from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';

const Accepted = z.object({ chains: z.number().int() });

/** Loads a week of several agents' logs, some of them broken on purpose. */
export function SampleButton() {
  const router = useRouter();
  const [state, setState] = useState<'idle' | 'sending' | 'coming'>('idle');
  async function load(): Promise<void> {
    setState('sending');
    try {
      const { chains } = await api(Accepted, '/api/v1/sample-data', { method: 'POST', body: {} });
      toast(`${formatNoun(chains, 'sample chain')} on the way`, { description: 'Two of them were broken on purpose.' });
      setState('coming');
      router.refresh();
    } catch (error) {
      setState('idle');
      toastError('Sample data could not be loaded', sayError(error));
    }
  }
  return (
    <>
      <Button onClick={() => void load()} disabled={state !== 'idle'}>
        <FlaskConical size={14} aria-hidden />
        {state === 'idle' ? 'Load sample data' : 'Loading sample data…'}
      </Button>
      <LiveRefresh active={state === 'coming'} everyMs={1000} />
    </>
  );
}
