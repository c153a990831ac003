'use client';
import { Search } from 'lucide-react';
import { Link } from '../ui/link';
import { usePathname } from 'next/navigation';
import { Kbd } from '../ui/kbd';
import { IngestState } from './ingest-state';
import { Mark } from './mark';
import { PLACES, SETTINGS, isAt } from './nav';
import { openPalette } from './palette-keys';
import { PeriodPicker } from './period-picker';
import { type Member, PersonMenu } from './person-menu';

/** Where I am, the period shown, search, and whether everything is being stored. */
export function TopBar({ person }: { person: Member }) {
  const pathname = usePathname();
  const place = [...PLACES, SETTINGS].find((candidate) => isAt(candidate, pathname));
  const periodic = pathname === '/' || pathname === '/reports' || pathname.startsWith('/reports/controls/');
  return (
    <header className="no-print sticky top-0 z-20 flex h-12 items-center gap-2 border-b bg-paper/95 px-4 md:px-6">
      <Link href="/" aria-label="Sealtrail, overview" className="md:hidden">
        <Mark />
      </Link>
      {person.workspaces.length > 1 && (
        <p className="max-w-[40%] shrink-0 truncate text-muted max-md:pl-1">
          <span className="sr-only">Workspace </span>
          {nameOf(person)} ·
        </p>
      )}
      <p className="min-w-0 flex-1 truncate font-medium max-md:pl-1">
        {!place && pathname.startsWith('/sessions/') && 'Session'}
        {place &&
          (pathname === place.href ? (
            place.label
          ) : (
            <Link href={place.href} className="text-muted hover:text-ink">
              {place.label}
            </Link>
          ))}
      </p>
      {periodic && <PeriodPicker />}
      <button
        type="button"
        onClick={openPalette}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-8 items-center gap-2 rounded-md border bg-surface px-2 text-faint hover:bg-hover lg:w-52"
      >
        <Search size={14} aria-hidden />
        <span className="flex-1 text-left max-lg:sr-only">
          Search<span className="sr-only"> and commands</span>
        </span>
        <span aria-hidden className="hidden lg:inline">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      <IngestState />
      <div className="md:hidden [&_button]:px-2">
        <PersonMenu person={person} narrow />
      </div>
    </header>
  );
}

/** Said where there is more than one. */
function nameOf({ workspaceId, workspaces }: Member): string {
  return workspaces.find(({ id }) => id === workspaceId)?.name ?? workspaceId;
}
