'use client';
import { Failure } from '@/app/_components/ui/failure';

export default function ConsoleError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="mx-auto max-w-[60ch] pt-16">
      <Failure {...props} />
    </div>
  );
}
