import type { ReactNode } from 'react';
import { page } from '@/app/_server/page';
import { requireSession } from '@/lib/events/session';
import { found } from '../../found';
import { sessionIdOf } from './id-of';

/** Answers 404 for a session no record names, before anything of the page is sent. */
export default async function SessionLayout({
  params,
  children,
}: {
  params: Promise<{ sessionId: string }>;
  children: ReactNode;
}) {
  const { ctx } = await page();
  await found(requireSession(ctx, { sessionId: sessionIdOf((await params).sessionId) }));
  return children;
}
