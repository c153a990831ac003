'use client';
import { usePathname } from 'next/navigation';
import { useZone } from './zone';

/** Names the zone of every time on a page, once. A report is in UTC and says so itself. */
export function ZoneNote() {
  const zone = useZone();
  if (usePathname() === '/reports') return null;
  return (
    <p className="no-print mt-8 text-2xs text-faint">
      Times are in {zone === 'UTC' ? 'UTC' : `${zone.replaceAll('_', ' ')}; UTC is shown on hover`}.
    </p>
  );
}
