'use client';
import { type FormEvent, useState } from 'react';
import { localOf, readLocal } from '@/app/_components/time/local';
import { FromTo } from '@/app/_components/ui/from-to';
import type { Period } from '@/lib/schemas/common';

/** Two times as a clock on the reader's wall shows them. */
export function Times({
  period,
  zone,
  onChoose,
}: {
  period: Period;
  zone: string;
  onChoose: (period: Period) => void;
}) {
  const [says, setSays] = useState<string | null>(null);
  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [readLocal(String(form.get('from')), zone), readLocal(String(form.get('to')), zone)];
    if (from === null || to === null) setSays('Both are a date and a time.');
    else if (from.kind === 'gap' || to.kind === 'gap')
      setSays(`The clocks go forward past ${from.kind === 'gap' ? 'From' : 'To'}: there is no such time in this zone.`);
    else if (from.earliest >= to.latest) setSays('To must be after From.');
    else onChoose({ from: from.earliest, to: to.latest });
  }
  return (
    <form onSubmit={send} className="-mx-1 mt-1 space-y-2 border-t px-3 pt-3 pb-2">
      <FromTo
        type="datetime-local"
        from={localOf(period.from, zone)}
        to={localOf(period.to, zone)}
        note={`${zone.replaceAll('_', ' ')}; the end is not in it`}
      />
      {says && (
        <p role="alert" className="text-xs text-v-tampered">
          {says}
        </p>
      )}
    </form>
  );
}
