import type { ReactNode } from 'react';
import { Mark } from '@/app/_components/frame/mark';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[22rem] flex-col justify-center px-5 py-10">
      <p className="mb-6 flex items-center gap-2.5 text-lg font-semibold tracking-[-0.012em]">
        <Mark size={28} />
        Sealtrail
      </p>
      {children}
      <p className="mt-8 text-muted">
        Here to check evidence you were given?{' '}
        <a href="/verify" className="link">
          Verify it
        </a>
        , without an account.
      </p>
    </main>
  );
}
