'use client';
import { useHasRole } from '@/app/_components/access/role';
import { Stamp } from 'lucide-react';
import { useAttest } from '@/app/_components/attestation/use-attest';
import { formatInstant } from '@/app/_components/format/instant';
import { useZone } from '@/app/_components/time/zone';
import { Button, ButtonLink, type ButtonLook } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { SealSolid } from '@/app/_components/verdict/icons';
import type { Attestation } from '@/lib/schemas/attestations';
import type { ChainDetail } from '@/lib/schemas/chains';

/** Why nothing can be signed yet. */
const WHY_NOT: Record<Exclude<ChainDetail['signable'], 'now'>, string> = {
  open: 'What is open has no digest to sign: close its segment first',
  working: 'It is still being checked and searched; it can be signed when that is done',
  damaged: 'Stored bytes of it are damaged: nothing is signed over them',
};

/** Signs a statement over the chain as it stands and opens it; what is signed already is opened. */
export function SignButton({
  chainId,
  signable,
  signed,
  look = 'plain',
}: {
  chainId: string;
  signable: ChainDetail['signable'];
  signed: Pick<Attestation, 'id' | 'signedAt'> | null;
  look?: ButtonLook;
}) {
  const attest = useAttest();
  const zone = useZone();
  const isOffered = useHasRole('ingest');
  const { busy, submit } = useSubmit({ failed: 'Nothing was signed' });
  if (signed)
    return (
      <ButtonLink href={`/attestations/${signed.id}`}>
        <SealSolid size={14} className="text-seal" />
        Signed {formatInstant(signed.signedAt, zone, 'date')}
        <span className="max-sm:hidden"> · open</span>
      </ButtonLink>
    );
  if (!isOffered) return null;
  const whyNot = signable === 'now' ? null : WHY_NOT[signable];
  return (
    <Button
      look={look}
      disabled={whyNot !== null || busy}
      onClick={() =>
        submit(() =>
          attest({
            path: `/api/v1/chains/${chainId}/attestations`,
            waiting: `/chains/${chainId}?tab=attestations`,
          }),
        )
      }
      title={whyNot ?? undefined}
      {...(whyNot && { 'aria-description': whyNot })}
    >
      <Stamp size={14} aria-hidden />
      {busy ? 'Signing…' : 'Sign attestation'}
    </Button>
  );
}
