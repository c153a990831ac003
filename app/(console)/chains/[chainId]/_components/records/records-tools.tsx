'use client';
import { ShieldAlert } from 'lucide-react';
import type { FormEvent } from 'react';
import { Button } from '@/app/_components/ui/button';
import { inputClass } from '@/app/_components/ui/field';
import { standsIn, toggleTerm } from '@/lib/core/search/edit';

/** Narrows to records with a problem, and jumps to one. */
export function RecordsTools({
  q,
  records,
  onSearch,
  onJump,
}: {
  q: string;
  /** Of the chain. */
  records: number;
  onSearch: (q: string) => void;
  onJump: (ordinal: number) => void;
}) {
  const isBroken = standsIn(q, 'integrity', 'ok') === 'out';
  function jump(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const wanted = Number(String(new FormData(event.currentTarget).get('ordinal')).replaceAll(/[\s,.]/g, ''));
    if (Number.isInteger(wanted)) onJump(Math.min(Math.max(0, wanted), Math.max(0, records - 1)));
  }
  return (
    <>
      <Button
        aria-pressed={isBroken}
        onClick={() => onSearch(toggleTerm(q, 'integrity', 'ok', 'out'))}
        className="aria-pressed:border-ink aria-pressed:bg-chosen"
      >
        <ShieldAlert size={14} aria-hidden />
        With problems
      </Button>
      <form onSubmit={jump} className="flex items-center gap-1">
        <label className="sr-only" htmlFor="jump">
          Go to record
        </label>
        <input
          id="jump"
          name="ordinal"
          inputMode="numeric"
          placeholder="Record no."
          className={`${inputClass} max-w-28`}
        />
        <Button type="submit">Go</Button>
      </form>
    </>
  );
}
