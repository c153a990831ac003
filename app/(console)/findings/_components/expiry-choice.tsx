'use client';
import { formatInstant } from '@/app/_components/format/instant';
import { formatNoun } from '@/app/_components/format/number';
import { useZone } from '@/app/_components/time/zone';
import { Labelled, inputClass } from '@/app/_components/ui/field';

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30, 90, 365] as const;
/** The expiry there is. */
export const KEPT = 'kept';

/** Asks when a suppression ends, in so many days or at `kept`, the expiry that it has already and is to come. */
export function ExpiryChoice({
  value,
  onChange,
  kept,
}: {
  value: string;
  onChange: (expiry: string) => void;
  kept: string | null;
}) {
  const zone = useZone();
  return (
    <Labelled label="Expires">
      <select name="expiry" value={value} onChange={({ target }) => onChange(target.value)} className={inputClass}>
        {kept !== null && <option value={KEPT}>As before, {formatInstant(kept, zone)}</option>}
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {days === 365 ? 'In 1 year' : `In ${formatNoun(days, 'day')}`}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** The instant that was chosen. */
export function expiryOf(chosen: string, kept: string | null): string {
  return chosen === KEPT && kept !== null ? kept : new Date(Date.now() + Number(chosen) * DAY_MS).toISOString();
}
