import { Published } from '@/app/_components/access/published';
import { Only } from '@/app/_components/access/role';
import { FileKey, FileSignature, ScrollText } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import * as z from 'zod';
import { PackageButton } from '@/app/_components/attestation/package-button';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { PageHead } from '@/app/_components/ui/page-head';
import { SealSolid } from '@/app/_components/verdict/icons';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { page } from '@/app/_server/page';
import { bundleFileName, getAttestation } from '@/lib/attest/attestations';
import { isMet } from '@/lib/core/checks/check';
import { VERDICTS, exitCode } from '@/lib/core/chain/verdict';
import { listSegments } from '@/lib/chains/segments';
import type { AttestationDetail } from '@/lib/schemas/attestation-detail';
import { found, idOf } from '../../found';
import { type Search, one } from '../../params';
import { Bundles } from './_components/bundles';
import { Chains } from './_components/chains';
import { CheckYourself } from './_components/check-yourself';
import { Statement } from './_components/statement';
import { Steps } from './_components/steps';
import { Subjects } from './_components/subjects';
import { WhoSigned } from './_components/who-signed';
import { WithdrawDialog } from './_components/withdraw-dialog';
import { AttestAgain } from './_components/attest-again';

type Props = { params: Promise<{ attestationId: string }>; searchParams: Search };
export const metadata = { title: 'Attestation' };

export default async function AttestationPage({ params, searchParams }: Props) {
  const { ctx } = await page();
  const attestation = await found(getAttestation(ctx, { attestationId: idOf((await params).attestationId) }));
  const segments = attestation.chainId
    ? (await listSegments(ctx, { chainId: attestation.chainId, limit: 500 })).items
    : [];
  const stored = new Set(segments.map(({ digest }) => digest));
  const segmentDigest =
    attestation.subjects.find(({ name, sha256 }) => stored.has(sha256) || name === `${sha256}.jsonl`)?.sha256 ?? null;
  const isGood = attestation.verdict !== 'pending' && exitCode(attestation.verdict) === 0;
  return (
    <>
      <PageHead
        above={<Standing attestation={attestation} />}
        title={
          <span className="block max-w-[46ch] leading-7 font-medium">
            Sealtrail at {new URL(ctx.env.publicUrl).host} signed on <Time at={attestation.signedAt} as="second" /> that{' '}
            <What attestation={attestation} /> were checked, with the verdict{' '}
            <VerdictMark verdict={attestation.verdict} size="lg" className="align-bottom text-[length:inherit]!" />
          </span>
        }
        lead={`${formatNoun(attestation.records, 'record')} in ${formatNoun(new Set(attestation.subjects.flatMap(({ name, sha256 }) => (name === `${sha256}.jsonl` ? [sha256] : []))).size, 'segment')}, ${attestation.requestedBy === 'policy' ? 'by policy' : `asked for by ${attestation.requestedBy}`}.`}
        actions={
          <>
            <PackageButton look="primary" of={{ kind: 'attestation', attestationId: attestation.id }} />
            <a href={`/api/v1/attestations/${attestation.id}/bundle`} download className={buttonClass('plain')}>
              <FileSignature size={14} aria-hidden />
              Bundle
            </a>
            {attestation.excerpt && (
              <a href={`/api/v1/attestations/${attestation.id}/records`} download className={buttonClass('plain')}>
                <ScrollText size={14} aria-hidden />
                Records
              </a>
            )}
            {attestation.keyHint && (
              <Published
                path={`/api/v1/signing-keys/${encodeURIComponent(attestation.keyHint)}.pem`}
                download
                className={buttonClass('plain')}
              >
                <FileKey size={14} aria-hidden />
                Public key
              </Published>
            )}
            <Only need="ingest">{!attestation.supersededBy && <AttestAgain attestationId={attestation.id} />}</Only>
            <Only need="analyst">{!attestation.withdrawn && <WithdrawDialog attestationId={attestation.id} />}</Only>
          </>
        }
      />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Steps steps={attestation.steps} isQuiet={!isGood} />
        <div className="space-y-4">
          <WhoSigned attestation={attestation} />
          <Subjects subjects={attestation.subjects} stored={stored} bundleSha256={attestation.bundleSha256} />
        </div>
      </div>
      <div className="mt-4 space-y-4">
        {attestation.chains.length > 1 && (
          <Chains chains={attestation.chains} asked={one((await searchParams)['sort'])} />
        )}
        <Bundles attestationId={attestation.id} bundles={attestation.bundles} isQuiet={!isGood} />
        <CheckYourself
          attestation={attestation}
          bundle={bundleFileName(attestation, { n: 0, predicate_type: attestation.predicateType })}
          segmentDigest={segmentDigest}
          url={ctx.env.workspaceUrl}
        />
        <Card title="Raw statement" flush>
          <Statement statement={attestation.statement} />
        </Card>
      </div>
    </>
  );
}

function What({
  attestation: { chainId, chain, chains, records, firstRecord, lastRecord, scope },
}: {
  attestation: AttestationDetail;
}) {
  if (!chainId)
    return (
      <>
        {formatNoun(chains.length, 'chain')}, {formatNoun(records, 'record')} of the period,
      </>
    );
  const range =
    records === 0
      ? 'no record'
      : records === 1
        ? `record ${formatCount(firstRecord)}`
        : `records ${formatCount(firstRecord)} to ${formatCount(lastRecord)}`;
  return (
    <>
      {scope.kind === 'session' || scope.kind === 'run'
        ? `the ${formatNoun(records, 'record')} of ${scope.kind} ${scope.kind === 'run' ? scope.run : scope.session}`
        : range}{' '}
      of{' '}
      <Link href={`/chains/${chainId}`} className="link">
        {chain}
      </Link>
    </>
  );
}

/** Of part of a chain, what the whole was found to be. */
const OfPart = z.object({ predicate: z.object({ chainVerdict: z.enum(VERDICTS) }) });

/** The first thing to know: what was found. Then whether the signature holds here and now, and whether it still counts. */
function Standing({
  attestation: { verdict, damaged, scope, statement, steps, withdrawn, supersededBy },
}: {
  attestation: AttestationDetail;
}) {
  const holds = steps.every(isMet);
  const { word, tone, icon: Icon } = VERDICT_LOOK[verdict];
  const whole = OfPart.safeParse(statement).data?.predicate.chainVerdict ?? null;
  return (
    <div className="mb-2">
      <p className="flex items-center gap-2 text-2xl font-semibold" style={{ color: tone }}>
        <Icon size={26} className="shrink-0" />
        <span>
          Signed: <span className="uppercase">{word}</span>
        </span>
      </p>
      {damaged && (
        <p className="font-semibold text-v-tampered">
          Stored bytes it covers are now missing or altered: the statement is true only of the bytes whose digests it
          names.
        </p>
      )}
      {whole !== null && scope.kind !== 'chain' && whole !== verdict && (
        <p className="font-medium">
          These records alone; the chain they are part of: <VerdictMark verdict={whole} />
        </p>
      )}
      <p
        className={`mt-1 inline-flex items-center gap-1.5 ${holds && !withdrawn ? 'text-muted' : 'font-semibold text-v-tampered'}`}
      >
        <SealSolid size={14} />
        {!holds
          ? 'Signed, but it does not hold here'
          : withdrawn
            ? 'Signed, and withdrawn since'
            : 'Signed, and the signature holds'}
      </p>
      {withdrawn && (
        <p className="text-muted">
          Withdrawn <Time at={withdrawn.at} /> by {withdrawn.by}: {withdrawn.reason}
        </p>
      )}
      {supersededBy && (
        <p className="text-muted">
          <Link href={`/attestations/${supersededBy}`} className="link">
            Another attestation
          </Link>{' '}
          has replaced it.
        </p>
      )}
    </div>
  );
}
