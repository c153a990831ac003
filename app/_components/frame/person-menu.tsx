'use client';
import { clsx } from 'clsx';
import { LogOut, User } from 'lucide-react';
import type { Person } from '@/lib/schemas/settings';
import type { Membership } from '@/lib/schemas/workspaces';
import type { Theme } from '../theme/cookies';
import { useTheme } from '../theme/use-theme';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu';
import { Link } from '../ui/link';
import { signOut } from './sign-out';
import { switchWorkspace } from './switch-workspace';

const THEME_OPTIONS = [
  { value: 'system', label: 'Follow the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies { value: Theme; label: string }[];

/** Somebody signed in, and the workspace they are in. */
export type Member = Person & { workspaceId: string; workspaces: readonly Membership[] };

/** Who is signed in, where, how it looks to them, and the way out. */
export function PersonMenu({ person, narrow }: { person: Member; narrow: boolean }) {
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
      {person.workspaces.length > 1 && (
        <>
          <MenuChoice
            label="Workspace"
            value={person.workspaceId}
            options={person.workspaces.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => void switchWorkspace(id)}
          />
          <MenuLine />
        </>
      )}
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
