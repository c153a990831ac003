import { FileKey, FileSignature } from 'lucide-react';
import Link from 'next/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { PageHead } from '@/app/_components/ui/page-head';
import { SealSolid } from '@/app/_components/verdict/icons';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { page } from '@/app/_server/page';
import { getAttestation } from '@/lib/attest/attestations';
import { listSegments } from '@/lib/report/segments';
import { found, idOf } from '../../found';
import { CheckYourself } from './_components/check-yourself';
import { Statement } from './_components/statement';
import { Steps } from './_components/steps';
import { Subjects } from './_components/subjects';

type Props = { params: Promise<{ attestationId: string }> };
export const metadata = { title: 'Attestation' };

export default async function AttestationPage({ params }: Props) {
  const { ctx } = await page();
  const attestation = await found(getAttestation(ctx, { attestationId: idOf((await params).attestationId) }));
  const segments = attestation.chainId ? (await listSegments(ctx, { chainId: attestation.chainId, limit: 500 })).items : [];
  const stored = new Set(segments.map(({ digest }) => digest));
  const segmentDigest = attestation.subjects.find(({ sha256 }) => stored.has(sha256))?.sha256 ?? null;
  const holds = attestation.steps.every(({ ok }) => ok);
  return (
    <>
      <PageHead
        above={
          <p className="mb-2">
            <span className={holds ? 'inline-flex items-center gap-2 text-lg font-semibold text-seal' : 'inline-flex items-center gap-2 text-lg font-semibold text-v-tampered'}>
              <SealSolid size={22} />
              {holds ? 'Signed, and the signature holds' : 'Signed, but it does not hold here'}
            </span>
          </p>
        }
        title={
          <span className="block max-w-[46ch] leading-7 font-medium">
            Sealtrail at {new URL(ctx.env.publicUrl).host} signed on <Time at={attestation.signedAt} as="second" /> that{' '}
            {attestation.records === 1 ? 'the one record' : `records ${formatCount(attestation.firstRecord)} to ${formatCount(attestation.lastRecord)}`} of{' '}
            <Link href={`/chains/${attestation.chainId}`} className="link">
              {attestation.chain}
            </Link>{' '}
            were checked, with the verdict <VerdictMark verdict={attestation.verdict} size="lg" className="align-bottom text-[length:inherit]!" />
          </span>
        }
        lead={`${formatNoun(attestation.records, 'record')} in ${formatNoun(new Set(attestation.subjects.map(({ sha256 }) => sha256)).size, 'piece')}, signed with ${attestation.signer}.`}
        actions={
          <>
            <a href={`/api/v1/attestations/${attestation.id}/bundle`} download className={buttonClass('primary')}>
              <FileSignature size={14} aria-hidden />
              Bundle
            </a>
            <a href={`/api/v1/keys/${encodeURIComponent(attestation.keyHint ?? '')}.pem`} download className={buttonClass('plain')}>
              <FileKey size={14} aria-hidden />
              Public key
            </a>
          </>
        }
      />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Steps steps={attestation.steps} />
        <Subjects subjects={attestation.subjects} stored={stored} bundleSha256={attestation.bundleSha256} keyHint={attestation.keyHint ?? ''} />
      </div>
      <div className="mt-4 space-y-4">
        <CheckYourself attestation={attestation} segmentDigest={segmentDigest} url={ctx.env.publicUrl} />
        <Card title="Raw statement" flush>
          <Statement statement={attestation.statement} />
        </Card>
      </div>
    </>
  );
}
