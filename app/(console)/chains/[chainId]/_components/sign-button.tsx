'use client';
import { Stamp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import * as z from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { AttestationRequest } from '@/lib/schemas/attestation-requests';
import { Attestation } from '@/lib/schemas/attestations';

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
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  async function sign(): Promise<void> {
    setBusy(true);
    try {
      const answer = await api(z.union([Attestation, AttestationRequest]), `/api/v1/chains/${chainId}/attestations`, {
        method: 'POST',
        body: {},
      });
      if ('verdict' in answer) router.push(`/attestations/${answer.id}`);
      else {
        toast('It waits to be signed', { description: answer.failure ?? '' });
        router.push(`/chains/${chainId}?tab=attestations`);
        setBusy(false);
      }
    } catch (error) {
      toastError('Nothing was signed', sayError(error));
      setBusy(false);
    }
  }
  return (
    <Button
      look={look}
      disabled={disabled || busy}
      onClick={() => void sign()}
      title={disabled ? 'There is no closed segment with a verdict to sign yet' : undefined}
    >
      <Stamp size={14} aria-hidden />
      {busy ? 'Signing…' : 'Sign attestation'}
    </Button>
  );
}
