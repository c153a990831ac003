'use client';
import { Failure } from './_components/ui/failure';

export default function ErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-[70vh] max-w-[60ch] flex-col justify-center px-6">
      <Failure {...props} />
    </main>
  );
}
