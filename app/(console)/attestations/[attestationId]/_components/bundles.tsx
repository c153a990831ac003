import { CircleCheck, CircleX, Download } from 'lucide-react';
import { formatBytes } from '@/app/_components/format/bytes';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import type { AttestationBundle } from '@/lib/schemas/attestation-detail';

/** Every statement that was signed: ours, and those for tools that know nothing of chains. */
export function Bundles({
  attestationId,
  bundles,
  isQuiet,
}: {
  attestationId: string;
  bundles: readonly AttestationBundle[];
  /** As of the steps. */
  isQuiet: boolean;
}) {
  return (
    <Card title={bundles.length === 1 ? 'The signed statement' : `${bundles.length} signed statements`} flush>
      <ul className="divide-y divide-line">
        {bundles.map(({ n, label, predicateType, sha256, bytes, holds, detail, logIndex }) => {
          const Icon = holds ? CircleCheck : CircleX;
          return (
            <li key={n} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
              <Icon
                size={18}
                aria-hidden
                className={`mt-px shrink-0 ${!holds ? 'text-v-tampered' : isQuiet ? 'text-muted' : 'text-v-verified'}`}
              />
              <div className="min-w-0 flex-1 basis-80">
                <h3 className="font-medium">
                  {label} <span className="sr-only">{holds ? 'holds' : 'does not hold'}</span>
                </h3>
                <p className="text-muted [overflow-wrap:anywhere]">{detail}</p>
                <p className="text-xs text-faint [overflow-wrap:anywhere]">{predicateType}</p>
              </div>
              <div className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
                <Hash value={sha256} />
                {logIndex !== null && <span>log entry {logIndex}</span>}
                <a
                  href={`/api/v1/attestations/${attestationId}/bundle?n=${n}`}
                  download
                  className={buttonClass('plain', 'sm')}
                >
                  <Download size={14} aria-hidden />
                  {formatBytes(bytes)}
                  <span className="sr-only"> bundle of {label}</span>
                </a>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
