'use client';
import { useState } from 'react';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import { useZone } from '@/app/_components/time/zone';
import type { DefinitionPeriod, ReportDefinition } from '@/lib/schemas/report-definitions';
import { PERIOD } from './words';

const KINDS = (Object.keys(PERIOD) as DefinitionPeriod['of'][]).filter((of) => of !== 'findings'); // keys of a literal we own

/** Of which days a report is, and of which zone these are. */
export function PeriodFields({ of }: { of: Pick<ReportDefinition, 'period' | 'timeZone'> | undefined }) {
  const zone = useZone();
  const [kind, setKind] = useState<string>(of?.period.of ?? 'last-month');
  const days = of?.period.of === 'last-days' ? of.period.days : 30;
  const fixed = of?.period.of === 'days' ? of.period : null;
  return (
    <>
      <Labelled label="Period">
        <select name="of" value={kind} onChange={({ target }) => setKind(target.value)} className={inputClass}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {PERIOD[one]}
            </option>
          ))}
        </select>
      </Labelled>
      {kind === 'last-days' && (
        <Field label="Days" name="days" type="number" min={1} max={3660} required defaultValue={days} />
      )}
      {kind === 'days' && (
        <div className="grid grid-cols-2 gap-3">
          <Field label="First day" name="firstDay" type="date" required defaultValue={fixed?.firstDay} />
          <Field label="Last day" name="lastDay" type="date" required defaultValue={fixed?.lastDay} />
        </div>
      )}
      <Field
        label="Time zone"
        name="timeZone"
        required
        maxLength={64}
        defaultValue={of?.timeZone ?? zone}
        list="report-time-zones"
        autoComplete="off"
        spellCheck={false}
        hint="Days are from midnight to midnight there."
      />
      <datalist id="report-time-zones">
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

export function periodOfForm(field: (name: string) => string) {
  const kind = field('of');
  const more =
    kind === 'last-days'
      ? { days: Number(field('days')) }
      : kind === 'days'
        ? { firstDay: field('firstDay'), lastDay: field('lastDay') }
        : {};
  return { period: { of: kind, ...more }, timeZone: field('timeZone').trim() };
}
