'use client';
import { useState } from 'react';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import type { ReportDefinition } from '@/lib/schemas/report-definitions';
import { WEEKDAYS } from '@/lib/schemas/report-weekdays';
import { capital } from './words';

const DAYS = [...Array.from({ length: 31 }, (_, n) => String(n + 1)), 'last'];

/** When a report is made by itself, by the clocks of its zone. */
export function ScheduleFields({ of }: { of: ReportDefinition | undefined }) {
  const schedule = of?.schedule;
  const [every, setEvery] = useState<string>(schedule?.every ?? 'never');
  const day = schedule && schedule.every !== 'week' ? String(schedule.day) : '1';
  return (
    <>
      <Labelled label="Schedule">
        <select name="every" value={every} onChange={({ target }) => setEvery(target.value)} className={inputClass}>
          <option value="never">None: it is run by hand</option>
          <option value="week">Every week</option>
          <option value="month">Every month</option>
          <option value="quarter">Every quarter</option>
        </select>
      </Labelled>
      {every !== 'never' && (
        <div className="grid grid-cols-2 gap-3">
          {every === 'week' ? (
            <Labelled label="Weekday">
              <select
                name="weekday"
                defaultValue={schedule?.every === 'week' ? schedule.weekday : 'monday'}
                className={inputClass}
              >
                {WEEKDAYS.map((one) => (
                  <option key={one} value={one}>
                    {capital(one)}
                  </option>
                ))}
              </select>
            </Labelled>
          ) : (
            <Labelled label={every === 'month' ? 'Day' : 'Day of its first month'}>
              <select name="day" defaultValue={day} className={inputClass}>
                {DAYS.map((one) => (
                  <option key={one} value={one}>
                    {one === 'last' ? 'Last' : one}
                  </option>
                ))}
              </select>
            </Labelled>
          )}
          <Field label="Time" name="time" type="time" required defaultValue={schedule?.time ?? '06:00'} />
        </div>
      )}
    </>
  );
}

export function scheduleOfForm(field: (name: string) => string) {
  const [every, time] = [field('every'), field('time')];
  if (every === 'never') return null;
  if (every === 'week') return { every, weekday: field('weekday'), time };
  const day = field('day');
  return { every, day: day === 'last' ? day : Number(day), time };
}
