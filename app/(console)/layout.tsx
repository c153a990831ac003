import { PublishedAt } from '@/app/_components/access/published';
import { RoleGiven } from '@/app/_components/access/role';
import { cookies } from 'next/headers';
import { type ReactNode, Suspense } from 'react';
import { BottomBar } from '@/app/_components/frame/bottom-bar';
import { HealthGiven } from '@/app/_components/frame/health-given';
import { IngestBanner } from '@/app/_components/frame/ingest-banner';
import { PageUnderWay } from '@/app/_components/frame/page-under-way';
import { PaletteKeys } from '@/app/_components/frame/palette-keys';
import { Rail } from '@/app/_components/frame/rail';
import { TopBar } from '@/app/_components/frame/top-bar';
import { UnreachedBanner } from '@/app/_components/frame/unreached-banner';
import { WentBack } from '@/app/_components/frame/went-back';
import { RAIL_COOKIE } from '@/app/_components/theme/cookies';
import { ZoneNote } from '@/app/_components/time/zone-note';
import { UploadProvider } from '@/app/_components/upload/provider';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { getHealth } from '@/lib/ops/health';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { ctx, person } = await page();
  const narrow = (await cookies()).get(RAIL_COOKIE)?.value === 'narrow';
  return (
    <RoleGiven role={person.role}>
      <PublishedAt workspaceUrl={ctx.env.workspaceUrl}>
        <UploadProvider>
          <a
            href="#main"
            className="sr-only z-60 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
          >
            Skip to the page
          </a>
          <div className="flex min-h-dvh print:block">
            <Rail narrow={narrow} person={person} />
            <div className="flex min-w-0 flex-1 flex-col">
              <TopBar person={person} />
              <IngestBanner />
              <UnreachedBanner />
              <PageUnderWay />
              <main
                id="main"
                className="mx-auto w-full max-w-[82rem] flex-1 px-4 pt-5 pb-24 md:px-6 md:pb-10 print:p-0"
              >
                {children}
                <ZoneNote />
              </main>
            </div>
          </div>
          <BottomBar />
          <PaletteKeys />
          <WentBack />
          <Suspense fallback={null}>
            <HealthNow ctx={ctx} />
          </Suspense>
        </UploadProvider>
      </PublishedAt>
    </RoleGiven>
  );
}

/** Sent behind the page: a store that does not answer keeps nobody waiting. */
async function HealthNow({ ctx }: { ctx: Context }) {
  return <HealthGiven health={await getHealth(ctx)} />;
}
