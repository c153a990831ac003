'use client';
import { clsx } from 'clsx';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { shortenHash } from '../format/hash';

/** A digest: ends shown, whole on focus and hover, copied on click. */
export function Hash({ value, whole = false, className }: { value: string; whole?: boolean; className?: string }) {
  const [copied, copy] = useCopied(value);
  return (
    <button
      type="button"
      onClick={copy}
      title={value}
      className={clsx(
        'group/hash inline-flex min-h-6 max-w-full items-center gap-1 rounded-md px-1 font-mono text-xs hover:bg-hover',
        whole ? '-mx-1 text-left break-all' : '-mx-1',
        className,
      )}
    >
      {whole ? (
        <span>{value}</span>
      ) : (
        <>
          <span className="sr-only">Copy </span>
          <span className="whitespace-nowrap group-focus-visible/hash:hidden">{shortenHash(value)}</span>
          <span className="hidden text-left break-all group-focus-visible/hash:inline">{value}</span>
        </>
      )}
      <CopyMark
        copied={copied}
        // Where nothing hovers it takes no room until it says that the value was copied.
        className={clsx(
          'no-print opacity-0 group-hover/hash:opacity-100 group-focus-visible/hash:opacity-100',
          !copied && '[@media(hover:none)]:hidden',
        )}
      />
    </button>
  );
}

/** Copies `value`; says so in its own place, to screen readers alone where it is `bare`. */
export function CopyButton({
  value,
  label,
  bare = false,
  className,
}: {
  value: string;
  label: string;
  bare?: boolean;
  className?: string;
}) {
  const [copied, copy] = useCopied(value);
  return (
    <button
      type="button"
      onClick={copy}
      title={bare ? label : undefined}
      className={clsx(
        bare ? 'size-6 justify-center' : 'h-7 px-2',
        'no-print inline-flex items-center gap-1.5 rounded-md text-xs text-muted hover:bg-hover hover:text-ink',
        className,
      )}
    >
      <CopyMark copied={copied} />
      <span aria-live="polite" className={bare ? 'sr-only' : undefined}>
        {copied ? 'Copied' : label}
      </span>
    </button>
  );
}

function CopyMark({ copied, className }: { copied: boolean; className?: string }) {
  const Icon = copied ? Check : Copy;
  return (
    <Icon
      size={12}
      aria-hidden
      className={clsx('shrink-0', copied ? 'text-v-verified opacity-100!' : 'text-faint', className)}
    />
  );
}

function useCopied(value: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  return [
    copied,
    () =>
      void copyText(value).then(() => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      }),
  ];
}

/** The clipboard API is missing on plain http off loopback: a selection does there. */
export async function copyText(value: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  const area = document.createElement('textarea');
  area.value = value;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
