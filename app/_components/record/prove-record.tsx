import { FileCheck } from 'lucide-react';
import { Link } from '../ui/link';
import { formatCount } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Button, buttonClass } from '@/app/_components/ui/button';
import type { RecordDetail } from '@/lib/schemas/chains';

/** A small file that shows this record to have been in the attested chain, or why there is none yet. */
export function ProveRecord({ record }: { record: RecordDetail }) {
  const { attested, chainId, ordinal, segmentDigest } = record;
  const path = `/api/v1/chains/${chainId}/records/${ordinal}/proof`;
  return (
    <section aria-label="Proof" className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        {attested ? (
          <>
            <a href={path} download className={buttonClass('plain')}>
              <FileCheck size={14} aria-hidden />
              Prove this record
            </a>
            <a
              href={`${path}?format=tlog-proof`}
              download
              className={buttonClass('ghost')}
              title="The same proof as C2SP text, without the signed statement"
            >
              .tlog-proof
            </a>
          </>
        ) : (
          <Button disabled aria-describedby="no-proof">
            <FileCheck size={14} aria-hidden />
            Prove this record
          </Button>
        )}
      </div>
      {attested ? (
        <p className="text-xs text-muted">
          An{' '}
          <Link href={`/attestations/${attested.id}`} className="link">
            attestation
          </Link>{' '}
          of <Time at={attested.at} as="minute" /> covers it, as one of {formatCount(attested.treeSize)} records. The
          file holds this record and no other, and is checked without Sealtrail: at{' '}
          <Link href="/verify" className="link">
            /verify
          </Link>
          , or by <code className="font-mono">node workers/sealtrail.mjs verify-proof</code>.
        </p>
      ) : (
        <p id="no-proof" className="text-xs text-muted">
          {segmentDigest === null
            ? 'It lies in the open segment, which no attestation covers. Close or seal the chain, sign an attestation, and it can be proven.'
            : 'No signed attestation covers it yet. Sign one over the chain, and it can be proven.'}
        </p>
      )}
    </section>
  );
}
