'use client';
import { Package } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { PackageOf } from '@/lib/schemas/packages';
import { useHasRole } from '../access/role';
import { api } from '../api/client';
import { formatBytes } from '../format/bytes';
import { Button, type ButtonLook } from '../ui/button';
import { toast, toastError } from '../ui/toasts';
import { useSubmit } from '../ui/use-submit';

const POLL_MS = 700;

/** Has an evidence package made and saves it when it is there; how far it is stands on the button. */
export function PackageButton({
  of,
  look = 'plain',
  label = 'Hand over evidence',
  disabled = false,
}: {
  of: PackageOf;
  look?: ButtonLook;
  label?: string;
  /** There is nothing to pack yet. */
  disabled?: boolean;
}) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'No package was made' });
  const isOffered = useHasRole('package');
  async function make(): Promise<void> {
    const { EvidencePackage } = await import('@/lib/schemas/packages');
    let made = await api(EvidencePackage, '/api/v1/packages', { method: 'POST', body: { of } });
    while (made.state === 'waiting' && made.failure === null) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      made = await api(EvidencePackage, `/api/v1/packages/${made.id}`);
    }
    if (made.state === 'done') {
      location.assign(`/api/v1/packages/${made.id}/zip`);
      toast('The evidence is packed', {
        description: `${made.bytes === null ? 'The ZIP' : `A ZIP of ${formatBytes(made.bytes)}`} is being saved. It also stands under Attestations, Packages.`,
      });
    } else if (made.state === 'failed') toastError('The package cannot be made', made.failure ?? '');
    else
      toast('The package waits', {
        description: `${made.failure ?? ''}. It stands under Attestations, Packages, and is made when that is over.`,
      });
    router.refresh();
  }
  if (!isOffered) return null;
  return (
    <Button
      look={look}
      disabled={busy || disabled}
      onClick={() => submit(make)}
      title="A ZIP with the logs, the signed statements, what was found and a verifier, for an auditor"
    >
      <Package size={14} aria-hidden />
      {busy ? 'Packing…' : label}
    </Button>
  );
}
