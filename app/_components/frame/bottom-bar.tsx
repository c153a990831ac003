'use client';
import { clsx } from 'clsx';
import { Link } from '../ui/link';
import { usePathname } from 'next/navigation';
import { PLACES, SETTINGS, isAt } from './nav';

/** The rail of a narrow screen. */
export function BottomBar() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Console"
      className="no-print fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid grid-cols-7">
        {[...PLACES.filter(({ isWide }) => !isWide), SETTINGS].map((place) => {
          const current = isAt(place, pathname);
          return (
            <li key={place.href}>
              <Link
                href={place.href}
                aria-current={current ? 'page' : undefined}
                className={clsx(
                  'flex h-14 flex-col items-center justify-center gap-0.5 text-[0.625rem]',
                  current ? 'font-medium text-ink' : 'text-faint',
                )}
              >
                <place.icon size={18} aria-hidden strokeWidth={current ? 2.25 : 1.75} />
                {place.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
