'use client';
import { FlaskConical } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';

/** Loads a week of several agents' logs, some of them broken on purpose. */
export function SampleButton() {
  const router = useRouter();
  const [coming, setComing] = useState(false);
  const { busy, submit } = useSubmit({ failed: 'Sample data could not be loaded' });
  const loading = busy || coming;
  async function load(): Promise<void> {
    const { int, object } = await import('zod');
    const { chains } = await api(object({ chains: int() }), '/api/v1/sample-data', { method: 'POST', body: {} });
    toast(`${formatNoun(chains, 'sample chain')} on the way`, { description: 'Two of them were broken on purpose.' });
    setComing(true);
    router.refresh();
  }
  return (
    <>
      <Button onClick={() => submit(load)} disabled={loading}>
        <FlaskConical size={14} aria-hidden />
        {loading ? 'Loading sample data…' : 'Load sample data'}
      </Button>
      <LiveRefresh active={coming} everyMs={1000} />
    </>
  );
}
