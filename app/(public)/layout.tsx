import { Link } from '@/app/_components/ui/link';
import type { ReactNode } from 'react';
import { Mark } from '@/app/_components/frame/mark';

/** Pages for anybody: what it takes to check our signatures. */
export default function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="border-b">
        <div className="mx-auto flex h-14 w-full max-w-[64rem] items-center justify-between gap-4 px-4 md:px-6">
          <Link href="/" prefetch={false} className="flex items-center gap-2.5 font-semibold tracking-[-0.012em]">
            <Mark size={24} />
            Sealtrail
          </Link>
          <nav aria-label="Public pages" className="flex gap-4 text-muted">
            <Link href="/trust" prefetch={false} className="hover:text-ink">
              Trust
            </Link>
            <a href="/verify" className="hover:text-ink">
              Verifier
            </a>
            <Link href="/docs/api" prefetch={false} className="hover:text-ink">
              API
            </Link>
          </nav>
        </div>
      </header>
      <main className="mx-auto w-full max-w-[64rem] px-4 pt-6 pb-16 md:px-6">{children}</main>
    </>
  );
}
