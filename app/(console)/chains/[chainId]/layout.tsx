import type { ReactNode } from 'react';
import { page } from '@/app/_server/page';
import { nameOfChain } from '@/lib/chains/chains';
import { found, idOf } from '../../found';

/** Answers 404 for a chain that is not there, before anything of the page is sent. */
export default async function ChainLayout({
  params,
  children,
}: {
  params: Promise<{ chainId: string }>;
  children: ReactNode;
}) {
  const { ctx } = await page();
  await found(nameOfChain(ctx, { chainId: idOf((await params).chainId) }));
  return children;
}
