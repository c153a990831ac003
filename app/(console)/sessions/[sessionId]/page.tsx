import { ScrollText } from 'lucide-react';
import type { Metadata } from 'next';
import { eventsSearchHref } from '@/app/_components/format/events-href';
import { ButtonLink } from '@/app/_components/ui/button';
import { PageHead } from '@/app/_components/ui/page-head';
import { PrintButton } from '@/app/_components/ui/print-button';
import { page } from '@/app/_server/page';
import { termOf } from '@/lib/core/search/edit';
import { getSession } from '@/lib/events/session';
import * as z from 'zod';
import { found } from '../../found';
import { type Search, one } from '../../params';
import { ChainsOfSession } from './_components/chains-of-session';
import { FindingsOfSession } from './_components/findings-of-session';
import { GitOfSession } from './_components/git-of-session';
import { OverTime } from './_components/over-time';
import { SessionFacts } from './_components/session-facts';
import { SessionLine } from './_components/session-line';
import { SessionSentence } from './_components/session-sentence';
import { Touched } from './_components/touched';
import { sessionIdOf } from './id-of';

type Params = { params: Promise<{ sessionId: string }>; searchParams: Search };

const TITLE_CHARACTERS = 60;

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const id = sessionIdOf((await params).sessionId);
  return { title: `Session ${id.length > TITLE_CHARACTERS ? `${id.slice(0, TITLE_CHARACTERS)}…` : id}` };
}

/** What one run of an agent did, in order, with the evidence behind it: the page that is sent to a colleague. */
export default async function SessionPage({ params, searchParams }: Params) {
  const { ctx } = await page();
  const sessionId = sessionIdOf((await params).sessionId);
  const search = await searchParams;
  const chain = z.uuid().safeParse(one(search['chain'])).data;
  const session = await found(getSession(ctx, { sessionId, chain }));
  return (
    <>
      <PageHead
        above={<p className="text-xs text-faint">Session</p>}
        title={<span className="line-clamp-3 font-mono text-lg print:line-clamp-none">{session.id}</span>}
        lead={<SessionSentence session={session} />}
        actions={
          <>
            {session.span && (
              <ButtonLink
                href={eventsSearchHref(
                  session.span,
                  `${termOf('session', session.id)} OR ${termOf('run', session.id)}`,
                )}
              >
                <ScrollText size={14} aria-hidden className="text-faint" />
                Open in Events
              </ButtonLink>
            )}
            <PrintButton />
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <SessionFacts session={session} />
        <ChainsOfSession session={session} chosen={chain ?? null} asked={one(search['chains'])} />
        <FindingsOfSession session={session} />
        <OverTime session={session} />
        <SessionLine session={session} chain={chain ?? null} />
        <Touched session={session} />
        <GitOfSession session={session} />
      </div>
    </>
  );
}
