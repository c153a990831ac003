'use client';
import { Archive } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Only } from '@/app/_components/access/role';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { Period } from '@/lib/schemas/common';

/** Has the report made once, signed and kept, and goes where it is. */
export function KeepReport({ period }: { period: Period }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'The report is not kept' });
  async function keep(): Promise<'leaving'> {
    const { ReportRun } = await import('@/lib/schemas/report-runs');
    const { id } = await api(ReportRun, '/api/v1/report-runs', { method: 'POST', body: period });
    router.push(`/reports/runs/${id}`);
    return 'leaving';
  }
  return (
    <Only need="analyst">
      <Button
        disabled={busy}
        onClick={() => submit(keep)}
        title="The report as it is now, signed, with what it rests on: it never changes again"
      >
        <Archive size={14} aria-hidden />
        {busy ? 'Asking…' : 'Keep this report'}
      </Button>
    </Only>
  );
}
