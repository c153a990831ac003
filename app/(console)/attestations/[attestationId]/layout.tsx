import type { ReactNode } from 'react';
import { page } from '@/app/_server/page';
import { getAttestationRow } from '@/lib/attest/attestations';
import { found, idOf } from '../../found';

/** Answers 404 for an attestation that is not there, before anything of the page is sent. */
export default async function AttestationLayout({
  params,
  children,
}: {
  params: Promise<{ attestationId: string }>;
  children: ReactNode;
}) {
  const { ctx } = await page();
  await found(getAttestationRow(ctx, { attestationId: idOf((await params).attestationId) }));
  return children;
}
