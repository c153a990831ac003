'use client';
import { clsx } from 'clsx';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { Link } from '../ui/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { hasRoleFor } from '@/lib/schemas/roles';
import { RAIL_COOKIE } from '../theme/cookies';
import { Mark } from './mark';
import { PLACES, type Place, SETTINGS, isAt } from './nav';
import { type Member, PersonMenu } from './person-menu';

/** The left rail; narrow shows icons only, their words on hover. Remembered in a cookie. */
export function Rail({ narrow: known, person }: { narrow: boolean; person: Member }) {
  const [narrow, setNarrow] = useState(known);
  const toggle = (): void => {
    document.cookie = `${RAIL_COOKIE}=${narrow ? 'wide' : 'narrow'}; path=/; max-age=31536000; samesite=lax`;
    setNarrow(!narrow);
  };
  const Toggle = narrow ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav
      aria-label="Console"
      className={clsx(
        'no-print sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-paper md:flex',
        narrow ? 'w-14' : 'w-52',
      )}
    >
      <Link
        href="/"
        aria-label="Sealtrail, overview"
        className="flex h-12 items-center gap-2 px-4 text-base font-semibold tracking-[-0.012em]"
      >
        <Mark />
        {!narrow && 'Sealtrail'}
      </Link>
      <div className="flex-1 overflow-y-auto px-2 py-2">
        <ul className="space-y-0.5">
          {PLACES.filter(({ need }) => !need || hasRoleFor(person.role, need)).map((place) => (
            <li key={place.href}>
              <RailLink place={place} narrow={narrow} />
            </li>
          ))}
        </ul>
      </div>
      <div className="space-y-0.5 border-t px-2 py-2">
        <RailLink place={SETTINGS} narrow={narrow} />
        <PersonMenu person={person} narrow={narrow} />
        <button
          type="button"
          onClick={toggle}
          aria-label={narrow ? 'Expand' : undefined}
          aria-expanded={!narrow}
          className="flex h-8 w-full items-center gap-2.5 rounded-md px-3 text-faint hover:bg-hover hover:text-ink"
        >
          <Toggle size={16} aria-hidden className="shrink-0" />
          {!narrow && 'Collapse'}
        </button>
      </div>
    </nav>
  );
}

function RailLink({ place, narrow }: { place: Place; narrow: boolean }) {
  const current = isAt(place, usePathname());
  const { icon: Icon, href, label } = place;
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      title={narrow ? label : undefined}
      className={clsx(
        'flex h-8 items-center gap-2.5 rounded-md px-3',
        current ? 'bg-chosen font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
      )}
    >
      <Icon size={16} aria-hidden className="shrink-0" />
      <span className={narrow ? 'sr-only' : undefined}>{label}</span>
    </Link>
  );
}
