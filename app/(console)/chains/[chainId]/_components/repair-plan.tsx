import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { NotRead } from '@/app/_components/api/not-read';
import { useJson } from '@/app/_components/api/use-json';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { Hash } from '@/app/_components/ui/hash';
import { RepairPlan } from '@/lib/schemas/repair';

/** What a repaired copy leaves out, read from the log to its end, and the way to have it. */
export function PlanOfRepair({ chainId, onClose }: { chainId: string; onClose: () => void }) {
  const plan = useJson(RepairPlan, `/api/v1/chains/${chainId}/repair`);
  if (plan.state === 'loading') return <p role="status">Reading the log to its end…</p>;
  if (plan.state === 'failed') return <NotRead what="The log" of={plan} />;
  return <Plan plan={plan.value} onClose={onClose} />;
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
