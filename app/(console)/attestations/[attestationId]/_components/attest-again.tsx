'use client';
import { RefreshCw } from 'lucide-react';
import { useAttest } from '@/app/_components/attestation/use-attest';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Attests the same again as it stands now: the new attestation takes this one's place. */
export function AttestAgain({ attestationId }: { attestationId: string }) {
  const attest = useAttest();
  const { busy, submit } = useSubmit({ failed: 'Nothing was signed' });
  return (
    <Button
      disabled={busy}
      onClick={() => submit(() => attest({ path: `/api/v1/attestations/${attestationId}/supersede` }))}
      title="Checks and signs the same again, as it stands now; the new attestation takes the place of this one"
    >
      <RefreshCw size={14} aria-hidden />
      {busy ? 'Signing…' : 'Attest again'}
    </Button>
  );
}
