'use client';
import { clsx } from 'clsx';
import { LogOut, User } from 'lucide-react';
import type { Person } from '@/lib/schemas/settings';
import type { Theme } from '../theme/cookies';
import { useTheme } from '../theme/use-theme';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu';
import { Link } from '../ui/link';
import { signOut } from './sign-out';

const THEME_OPTIONS = [
  { value: 'system', label: 'Follow the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies { value: Theme; label: string }[];

/** Who is signed in, how it looks to them, and the way out. */
export function PersonMenu({ person, narrow }: { person: Person; narrow: boolean }) {
  const [theme, setTheme] = useTheme();
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${person.name}: theme and sign out`}
          className={clsx(
            'flex h-8 w-full items-center gap-2.5 rounded-md px-3 text-muted hover:bg-hover hover:text-ink',
          )}
        >
          <User size={16} aria-hidden className="shrink-0" />
          {!narrow && <span className="truncate">{person.name}</span>}
        </button>
      }
    >
      <p className="px-2 py-1.5 text-xs text-muted">
        Signed in as
        <span className="block text-sm font-medium text-ink [overflow-wrap:anywhere]">{person.email}</span>
      </p>
      <MenuLine />
      <MenuChoice label="Theme" value={theme} options={THEME_OPTIONS} onChange={setTheme} />
      <MenuLine />
      <MenuItem icon={<User size={14} />} render={<Link href="/settings/you" />}>
        Your account
      </MenuItem>
      <MenuItem icon={<LogOut size={14} />} onClick={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
