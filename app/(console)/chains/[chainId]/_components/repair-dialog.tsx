'use client';
import { Download, Scissors } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { sayError } from '@/app/_components/api/request-error';
import { useJson } from '@/app/_components/api/use-json';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Hash } from '@/app/_components/ui/hash';
import { RepairPlan } from '@/lib/schemas/repair';

/** Shows what a repaired copy leaves out before it is downloaded. What is stored here stays as it is. */
export function RepairDialog({ chainId }: { chainId: string }) {
  const [open, setOpen] = useState(false);
  const plan = useJson(RepairPlan, open ? `/api/v1/chains/${chainId}/repair` : null);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Scissors size={14} aria-hidden />
        Download a repaired copy
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="A copy without the torn record"
        description="What is stored here as evidence stays as it is. Use the copy where another tool refuses the torn log."
      >
        {plan.state === 'loading' && <p role="status">Reading the log to its end…</p>}
        {plan.state === 'failed' && <p role="alert">{sayError(plan.error)}</p>}
        {plan.state === 'ready' && <Plan plan={plan.value} onClose={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function Plan({
  plan: { chainId, removed, original, repaired, sentence },
  onClose,
}: {
  plan: RepairPlan;
  onClose: () => void;
}) {
  return (
    <div className="space-y-4">
      <p>{sentence}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-md border bg-sunken px-3 py-2">
        {removed && (
          <Part label="Left out" sha256={removed.sha256}>
            {formatNoun(removed.bytes, 'byte')}, line {formatCount(removed.line)}, byte{' '}
            {formatCount(removed.byteOffset)}
          </Part>
        )}
        <Part label="As stored" sha256={original.sha256}>
          {formatNoun(original.bytes, 'byte')}
        </Part>
        <Part label="The copy" sha256={repaired.sha256}>
          {formatNoun(repaired.bytes, 'byte')}
        </Part>
      </dl>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        {removed && (
          <a className={buttonClass('primary')} href={`/api/v1/chains/${chainId}/repaired`} download onClick={onClose}>
            <Download size={14} aria-hidden />
            Download
          </a>
        )}
      </div>
    </div>
  );
}

function Part({ label, sha256, children }: { label: string; sha256: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-6 text-faint">{label}</dt>
      <dd className="tabular">
        {children}
        <span className="block text-xs text-muted">
          SHA-256 <Hash value={sha256} />
        </span>
      </dd>
    </>
  );
}
