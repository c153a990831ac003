'use client';
import { Stamp } from 'lucide-react';
import { useAttest } from '@/app/_components/attestation/use-attest';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Signs a statement over the chain as it stands and opens it. */
export function SignButton({
  chainId,
  disabled,
  look = 'primary',
}: {
  chainId: string;
  disabled: boolean;
  look?: 'primary' | 'plain';
}) {
  const attest = useAttest();
  const { busy, submit } = useSubmit({ failed: 'Nothing was signed' });
  return (
    <Button
      look={look}
      disabled={disabled || busy}
      onClick={() =>
        submit(() =>
          attest({
            path: `/api/v1/chains/${chainId}/attestations`,
            waiting: `/chains/${chainId}?tab=attestations`,
          }),
        )
      }
      title={disabled ? 'There is no closed segment with a verdict to sign yet' : undefined}
    >
      <Stamp size={14} aria-hidden />
      {busy ? 'Signing…' : 'Sign attestation'}
    </Button>
  );
}
