import type { ReactNode } from 'react';
import { notFound } from 'next/navigation';
import { page } from '@/app/_server/page';
import { nameOfChain } from '@/lib/chains/chains';
import { isOwnChain } from '@/lib/core/own-chain';
import { hasRoleFor } from '@/lib/schemas/roles';
import { found, idOf } from '../../found';

/** Answers 404 for a chain that is not there, before anything of the page is sent. */
export default async function ChainLayout({
  params,
  children,
}: {
  params: Promise<{ chainId: string }>;
  children: ReactNode;
}) {
  const { ctx, person } = await page();
  const { chainId } = await params;
  if (isOwnChain(chainId) && !hasRoleFor(person.role, 'activity')) notFound();
  await found(nameOfChain(ctx, { chainId: idOf(chainId) }));
  return children;
}
