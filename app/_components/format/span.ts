import { formatInstant } from './instant';

/** Two instants without saying the day twice: `11 May 2026, 08:00 – 15:12`, `11 May, 08:00 – 12 May 2026, 09:30`. */
export function formatSpan(from: string, to: string, zone: string): string {
  const day = formatInstant(from, zone, 'day');
  if (day === formatInstant(to, zone, 'day')) {
    const end = formatInstant(to, zone, 'clock');
    const start = formatInstant(from, zone, 'clock');
    return start === end ? `${day}, ${start}` : `${day}, ${start} – ${end}`;
  }
  const sameYear = day.slice(-4) === formatInstant(to, zone, 'day').slice(-4);
  return `${formatInstant(from, zone, sameYear ? 'short' : 'minute')} – ${formatInstant(to, zone, 'minute')}`;
}

/** A half-open span of whole UTC days, last day named: `1 – 31 May 2026`. */
export function formatDays(from: string, to: string): string {
  const last = new Date(Date.parse(to) - 1).toISOString();
  const [a, b] = [formatInstant(from, 'UTC', 'day'), formatInstant(last, 'UTC', 'day')];
  if (a === b) return a;
  const [dayA, monthA, yearA] = a.split(' ');
  const [, monthB, yearB] = b.split(' ');
  if (yearA !== yearB) return `${a} – ${b}`;
  return monthA === monthB ? `${dayA} – ${b}` : `${dayA} ${monthA} – ${b}`;
}
