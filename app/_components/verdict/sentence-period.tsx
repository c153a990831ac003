'use client';
import { formatInstant } from '../format/instant';
import { useZone } from '../time/zone';

/** ` from 11 May 2026, 08:00 to 15:12`, in the zone of the page. */
export function SentencePeriod({ from, to }: { from: string; to: string }) {
  const zone = useZone();
  const [start, end] = [formatInstant(from, zone), formatInstant(to, zone)];
  if (start === end) return ` from ${start}`;
  const isOneDay = formatInstant(from, zone, 'day') === formatInstant(to, zone, 'day');
  return ` from ${start} to ${isOneDay ? formatInstant(to, zone, 'clock') : end}`;
}
