import { Download, Lock } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount, formatNoun, formatShare } from '@/app/_components/format/number';
import { RetryButton } from '@/app/_components/stuck/retry-button';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { buttonClass } from '@/app/_components/ui/button';
import { Hash } from '@/app/_components/ui/hash';
import { PageHead } from '@/app/_components/ui/page-head';
import { UploadButton } from '@/app/_components/upload/upload-button';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { VerdictSentence } from '@/app/_components/verdict/verdict-sentence';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ChainForwarding } from './chain-forwarding';
import { ChainLive } from './chain-live';
import { SealDialog } from './seal-dialog';
import { SignButton } from './sign-button';

/** Name, verdict in a sentence, and the figures of the chain. */
export function ChainHead({ chain }: { chain: ChainDetail }) {
  const checked = chain.progress.verified;
  return (
    <>
      <PageHead
        title={chain.name}
        lead={
          <>
            <p className="flex flex-wrap items-center gap-x-3 text-ink">
              <VerdictMark verdict={chain.verdict} size="lg" />
              <span className="text-sm text-faint">{FORMAT_LABEL[chain.format]}</span>
            </p>
            <p className="mt-1">
              <VerdictSentence chain={chain} />
            </p>
            {chain.sealedAt && (
              <p className="mt-1 flex items-center gap-x-2">
                <Lock size={14} aria-hidden />
                <span>
                  Sealed <Time at={chain.sealedAt} /> by {chain.sealedBy}: nothing is taken in any more.
                </span>
              </p>
            )}
            <ChainLive chain={chain} />
            <ChainForwarding chain={chain} />
            {chain.damage && (
              <p className="mt-1 text-v-tampered" role="alert">
                {chain.damage}
              </p>
            )}
            {chain.failure && (
              <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-v-tampered">
                <span>
                  {chain.stuck ? 'Stuck' : 'A stage could not do its work'}: {chain.failure}
                </span>
                <RetryButton chainId={chain.id} name={chain.name} />
              </p>
            )}
            {chain.verdict === 'pending' && !chain.failure && (
              <p className="mt-1" role="status">
                {formatCount(checked)} of {formatNoun(chain.records, 'record')} checked.
                {chain.queue &&
                  chain.queue.chains > 1 &&
                  ` ${formatNoun(chain.queue.chains, 'chain')} are being checked; this one is number ${formatCount(chain.queue.place)}.`}{' '}
                This page follows by itself.
              </p>
            )}
          </>
        }
        actions={
          <>
            {!chain.sealedAt && <UploadButton look="plain" label="Add to this chain" />}
            {!chain.sealedAt && chain.records > 0 && <SealDialog chainId={chain.id} name={chain.name} />}
            <a className={buttonClass('plain')} href={`/api/v1/chains/${chain.id}/bytes`} download>
              <Download size={14} aria-hidden />
              Download
            </a>
            <SignButton
              chainId={chain.id}
              disabled={chain.verdict === 'pending' || chain.damage !== null || chain.segments === 0}
            />
          </>
        }
      />
      <dl className="mb-4 flex flex-wrap gap-x-8 gap-y-3">
        <Fact label="Records">{formatCount(chain.records)}</Fact>
        <Fact label="Size">{formatBytes(chain.bytes)}</Fact>
        <Fact label="Recorded">
          {chain.firstRecordedAt && chain.lastRecordedAt ? (
            <TimeSpan from={chain.firstRecordedAt} to={chain.lastRecordedAt} />
          ) : (
            'no times stated'
          )}
        </Fact>
        <Fact label="Checked">{chain.verifiedAt ? <Time at={chain.verifiedAt} /> : 'not yet'}</Fact>
        <Fact label="Signed">{formatShare(chain.attestedRecords, chain.records)}</Fact>
        <Fact label="Findings">
          {chain.findings > 0 ? (
            <Link className="link" href={`/findings?chain=${chain.id}`}>
              {formatCount(chain.findings)}
            </Link>
          ) : (
            '0'
          )}
        </Fact>
        <Fact label="Head">{chain.head ? <Hash value={chain.head} /> : 'none'}</Fact>
      </dl>
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="flex min-h-6 items-center tabular">{children}</dd>
    </div>
  );
}
