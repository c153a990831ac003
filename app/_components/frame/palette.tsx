'use client';
import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { Bookmark, FolderUp, ListOrdered, LogOut, Moon, ScrollText, Sun, Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { bare, quoted } from '@/lib/core/search/edit';
import { ChainPage } from '@/lib/schemas/chains';
import { Facets } from '@/lib/schemas/browser/events';
import { sessionHref } from '@/lib/schemas/session-address';
import { ViewList } from '@/lib/schemas/browser/views';
import { Only, useHasRole } from '../access/role';
import { NotRead } from '../api/not-read';
import { useJson } from '../api/use-json';
import { viewAddress } from '../explorer/view-address';
import { formatNoun } from '../format/number';
import { useNow } from '../time/zone';
import { useTheme } from '../theme/use-theme';
import { useUploads } from '../upload/provider';
import { VERDICT_LOOK } from '../verdict/verdicts';
import { PLACES, SETTINGS, WITHIN } from './nav';
import { Agents, Findings } from './palette-found';
import { Choice, Group, useSettledText } from './palette-parts';
import { signOut } from './sign-out';

type PaletteProps = {
  open: boolean;
  setOpen: (open: boolean) => void;
  /** What was typed before it could be seen. */
  typed: () => string;
  onShown: (isShown: boolean) => void;
};

/** Ctrl/Cmd-K: goes to any page or chain, and does what the console can do. */
export function Palette({ open, setOpen, typed, onShown }: PaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="popup fixed top-[14vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden">
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <Choices close={() => setOpen(false)} typed={typed} onShown={onShown} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices({ close, typed, onShown }: Pick<PaletteProps, 'typed' | 'onShown'> & { close: () => void }) {
  const router = useRouter();
  const [query, setQuery] = useState(typed);
  useTold(onShown);
  const chains = useJson(
    ChainPage,
    `/api/v1/chains?limit=12${query.trim() ? `&q=${encodeURIComponent(query.trim())}` : ''}`,
  );
  const [, setTheme] = useTheme();
  const go = (href: string) => () => {
    close();
    router.push(href);
  };
  const act = (run: () => void) => () => {
    close();
    run();
  };
  return (
    <Command label="Search and commands" loop>
      <Command.Input
        autoFocus
        value={query}
        onValueChange={setQuery}
        placeholder="Go to a chain, a session or a page, or do something"
        className="h-12 w-full border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1">
        <Command.Empty className="px-3 py-6 text-center text-muted">
          Nothing by that name. Chains, agents, views, findings and pages are found by their names, sessions by their
          id.
        </Command.Empty>
        {chains.state === 'failed' && <NotRead what="Chains" of={chains} className="px-3 py-2 text-xs" />}
        <Group heading="Chains">
          {chains.state === 'ready' &&
            chains.value.items.map((chain) => {
              const { icon: Icon, tone, word } = VERDICT_LOOK[chain.verdict];
              return (
                <Choice
                  key={chain.id}
                  value={`chain ${chain.name} ${chain.id}`}
                  onSelect={go(`/chains/${chain.id}`)}
                  icon={<Icon size={15} />}
                  tone={tone}
                  aside={word}
                >
                  {chain.name}
                </Choice>
              );
            })}
        </Group>
        <Sessions text={query.trim()} go={go} />
        <Agents text={query.trim()} go={go} />
        <SavedViews go={go} />
        <Findings text={query.trim()} go={go} />
        <SearchRecords text={query.trim()} go={go} />
        <Pages go={go} />
        <Group heading="Do">
          <Uploads act={act} />
          <Choice value="light theme" onSelect={act(() => setTheme('light'))} icon={<Sun size={15} />}>
            Light theme
          </Choice>
          <Choice value="dark theme" onSelect={act(() => setTheme('dark'))} icon={<Moon size={15} />}>
            Dark theme
          </Choice>
          <Choice value="sign out" onSelect={act(() => void signOut())} icon={<LogOut size={15} />}>
            Sign out
          </Choice>
        </Group>
      </Command.List>
    </Command>
  );
}

/** Tells when this can be seen, and when no more. */
function useTold(onShown: (isShown: boolean) => void): void {
  const tell = useRef(onShown);
  useEffect(() => {
    const { current } = tell;
    current(true);
    return () => current(false);
  }, []);
}

function Pages({ go }: { go: (href: string) => () => void }) {
  return (
    <Group heading="Pages">
      {[...PLACES, ...WITHIN, SETTINGS].map(({ href, label, icon: Icon, need = 'person' }) => (
        <Only key={href} need={need}>
          <Choice value={`page ${label}`} onSelect={go(href)} icon={<Icon size={15} />}>
            {label}
          </Choice>
        </Only>
      ))}
    </Group>
  );
}

/** Saved searches, one's own and those that are shared. */
function SavedViews({ go }: { go: (href: string) => () => void }) {
  const views = useJson(ViewList, '/api/v1/views');
  if (views.state !== 'ready' || views.value.items.length === 0) return null;
  return (
    <Group heading="Views">
      {views.value.items.map((view) => (
        <Choice
          key={view.id}
          value={`view ${view.name} ${view.id}`}
          onSelect={go(viewAddress(view))}
          icon={<Bookmark size={15} />}
          {...(!view.isMine && { aside: view.madeBy })}
        >
          {view.name}
        </Choice>
      ))}
    </Group>
  );
}

/** How long after the last letter sessions are looked for, among records of how many days, and how many are shown. */
const SESSIONS = { waitMs: 250, days: 90, most: '6' };
const SHOWN_CHARACTERS = 200;

/** Sessions with what is written in their id. */
function Sessions({ text, go }: { text: string; go: (href: string) => () => void }) {
  const settled = useSettledText(text, SESSIONS.waitMs);
  const day = Math.floor(useNow() / 86_400_000) + 1;
  const iso = (days: number) => new Date(days * 86_400_000).toISOString();
  const query = new URLSearchParams({
    q: `session:*${bare(settled)}*`,
    fields: 'session',
    limit: SESSIONS.most,
    from: iso(day - SESSIONS.days),
    to: iso(day),
  });
  const found = useJson(Facets, settled === '' ? null : `/api/v1/events/facets?${query}`);
  const values = found.state === 'ready' ? (found.value.facets[0]?.values ?? []) : [];
  const sessions = values.flatMap(({ value, count }) => {
    const href = sessionHref(value);
    return href ? [{ value, count, href }] : [];
  });
  if (text === '' || sessions.length === 0) return null;
  return (
    <Group heading="Sessions">
      {sessions.map(({ value, count, href }) => (
        <Choice
          key={value}
          value={`session ${value}`}
          onSelect={go(href)}
          icon={<ListOrdered size={15} />}
          aside={formatNoun(count, 'record')}
        >
          <span className="font-mono text-xs">{value.slice(0, SHOWN_CHARACTERS)}</span>
        </Choice>
      ))}
    </Group>
  );
}

/** Looks for what was written in every record. */
function SearchRecords({ text, go }: { text: string; go: (href: string) => () => void }) {
  if (text === '') return null;
  return (
    <Group heading="Records">
      <Choice
        value={`search records ${text}`}
        onSelect={go(`/events?${new URLSearchParams({ q: quoted(text), period: '30d' })}`)}
        icon={<ScrollText size={15} />}
      >
        Search all records for “{text}”
      </Choice>
    </Group>
  );
}

/** For those who may send logs. */
function Uploads({ act }: { act: (run: () => void) => () => void }) {
  const { choose, chooseFolder } = useUploads();
  if (!useHasRole('ingest')) return null;
  return (
    <>
      <Choice value="upload logs files" onSelect={act(choose)} icon={<Upload size={15} />}>
        Upload logs
      </Choice>
      <Choice value="upload folder session rotated" onSelect={act(chooseFolder)} icon={<FolderUp size={15} />}>
        Upload a folder
      </Choice>
    </>
  );
}
