import { clsx } from 'clsx';
import { Download, WifiOff } from 'lucide-react';
import { Mark } from '@/app/_components/frame/mark';
import { buttonClass } from '@/app/_components/ui/button';

/** Whose page this is, that nothing leaves it, and a way to keep it. */
export function PageHeader({
  source,
  isReady,
}: {
  /** The page itself, when everything is in it. */
  source: string | null;
  /** Whether what checks is here. */
  isReady: boolean;
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 py-5">
      <p className="flex items-center gap-2.5 text-lg font-semibold tracking-[-0.012em]">
        <Mark size={26} />
        Sealtrail verifier
      </p>
      <p className="order-3 flex basis-full items-center gap-1.5 text-muted sm:order-2 sm:ml-auto sm:basis-auto">
        <WifiOff size={14} aria-hidden />
        Nothing leaves this page{(source !== null || isReady) && '; it works offline'}
      </p>
      {source === null ? (
        <a href="/verify?download" download className={SAVE}>
          <Download size={14} aria-hidden />
          Save this page
        </a>
      ) : (
        <button type="button" onClick={() => save(source)} className={SAVE}>
          <Download size={14} aria-hidden />
          Save this page
        </button>
      )}
    </header>
  );
}

const SAVE = clsx(buttonClass('plain'), 'order-2 ml-auto sm:order-3 sm:ml-0');

function save(source: string): void {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/html' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'sealtrail-verify.html';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
