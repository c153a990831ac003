'use client';
import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import * as z from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { Attestation } from '@/lib/schemas/attestations';
import { AttestationRequest } from '@/lib/schemas/attestation-requests';

/** Attests the same again as it stands now: the new attestation takes this one's place. */
export function AttestAgain({ attestationId }: { attestationId: string }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  async function again(): Promise<void> {
    setBusy(true);
    try {
      const answer = await api(
        z.union([Attestation, AttestationRequest]),
        `/api/v1/attestations/${attestationId}/supersede`,
        { method: 'POST', body: {} },
      );
      if ('verdict' in answer) router.push(`/attestations/${answer.id}`);
      else {
        toast('It waits to be signed', { description: answer.failure ?? '' });
        setBusy(false);
      }
    } catch (error) {
      toastError('Nothing was signed', sayError(error));
      setBusy(false);
    }
  }
  return (
    <Button
      disabled={busy}
      onClick={() => void again()}
      title="Checks and signs the same again, as it stands now; the new attestation takes the place of this one"
    >
      <RefreshCw size={14} aria-hidden />
      {busy ? 'Signing…' : 'Attest again'}
    </Button>
  );
}
