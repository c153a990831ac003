import { Published } from '@/app/_components/access/published';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import type { ReactNode } from 'react';
import type { AttestationDetail } from '@/lib/schemas/attestation-detail';

/** Who signed, who saw it, and where it is logged. */
export function WhoSigned({
  attestation: { signer, keyHint, certificate, times, logEntries, bundles },
}: {
  attestation: AttestationDetail;
}) {
  const [ours] = bundles;
  return (
    <Card title="Signer">
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact label="Signer">{signer}</Fact>
        {keyHint && (
          <Fact label="Key">
            <Hash value={keyHint} whole />
          </Fact>
        )}
        {certificate && (
          <Fact label="Certificate">
            <span className="[overflow-wrap:anywhere]">{certificate.subject}</span>
            <span className="block text-xs text-muted [overflow-wrap:anywhere]">
              authenticated by {certificate.issuer}; valid <Time at={certificate.notBefore} as="second" /> to{' '}
              <Time at={certificate.notAfter} as="second" />
            </span>
          </Fact>
        )}
        <Fact label="Time">
          {times.length === 0 ? (
            <span className="text-muted">by our own clock only; no timestamp authority or public log confirms it</span>
          ) : (
            times.map(({ kind, at }) => (
              <span key={`${kind} ${at}`} className="block">
                <Time at={at} as="second" />, says{' '}
                {kind === 'timestamp' ? 'a timestamp authority (RFC 3161)' : 'the transparency log'}
              </span>
            ))
          )}
        </Fact>
        <Fact label="Public log">
          {logEntries.length === 0 ? (
            <span className="text-muted">not in a public log</span>
          ) : (
            logEntries.map(({ logId, index }) => (
              <span key={`${logId} ${index}`} className="block [overflow-wrap:anywhere]">
                entry {index} of log <Hash value={logId} />
              </span>
            ))
          )}
        </Fact>
        <Fact label="Our log">
          {ours?.logIndex === null || ours?.logIndex === undefined ? (
            <span className="text-muted">not published yet</span>
          ) : (
            <>
              entry {ours.logIndex} of{' '}
              <Published path="/tlog/checkpoint" className="link">
                /tlog
              </Published>
            </>
          )}
        </Fact>
      </dl>
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-faint">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
