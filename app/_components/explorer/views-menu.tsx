'use client';
import { Only } from '../access/role';
import { Bookmark, BookmarkPlus, ChevronDown, Copy, ListFilter, Pencil, Save, Trash2, Users } from 'lucide-react';
import { Link } from '../ui/link';
import { type ReactNode, useState } from 'react';
import { sayError } from '@/app/_components/api/request-error';
import { buttonClass } from '@/app/_components/ui/button';
import { copyText } from '@/app/_components/ui/hash';
import { Menu, MenuItem, MenuLine } from '@/app/_components/ui/menu';
import { toast, toastError } from '@/app/_components/ui/toasts';
import type { View, ViewSearch } from '@/lib/schemas/views';
import { type Views, useViews } from './use-views';
import { isSameSearch, viewAddress } from './view-address';
import { ViewDialog } from './view-dialog';

type Props = {
  /** Id of the view that is open. */
  open: string | null;
  /** What is seen now. */
  shown: ViewSearch;
  onOpen: (view: string | null) => void;
};

/** Saved searches: opens one, saves what is seen, and changes the one that is open. */
export function ViewsMenu({ open, shown, onOpen }: Props) {
  const views = useViews();
  const [dialog, setDialog] = useState<'new' | 'rename' | null>(null);
  const current = views.views.find(({ id }) => id === open) ?? null;
  const isChanged = current !== null && !isSameSearch(current.search, shown);
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={current ? `${current.name}${isChanged ? ', changed' : ''}` : 'Views'}
            className={buttonClass('plain')}
          >
            <Bookmark size={14} aria-hidden className={current ? 'text-ink' : 'text-faint'} />
            <span className="max-w-40 truncate">{current ? current.name : 'Views'}</span>
            {isChanged && <span className="text-muted">, changed</span>}
            <ChevronDown size={12} aria-hidden className="text-faint" />
          </button>
        }
      >
        {views.views.map((view) => (
          <ViewItem key={view.id} view={view} />
        ))}
        {views.views.length > 0 && <MenuLine />}
        <MenuItem icon={<BookmarkPlus size={14} />} onClick={() => setDialog('new')}>
          Save as a view…
        </MenuItem>
        <Only need="analyst">
          {' '}
          <MenuItem
            icon={<ListFilter size={14} />}
            render={<Link href={ruleAddress(shown.q, current)} prefetch={false} />}
          >
            Make a rule of this search
          </MenuItem>
        </Only>{' '}
        {current && (
          <ViewActions
            view={current}
            views={views}
            shown={isChanged ? shown : null}
            onRename={() => setDialog('rename')}
            onOpen={onOpen}
          />
        )}
      </Menu>
      <ViewDialog
        kind={dialog}
        view={current}
        onClose={() => setDialog(null)}
        send={async (name, isShared) => {
          if (dialog === 'rename' && current) await views.change(current.id, { name, isShared });
          else onOpen((await views.create({ name, isShared, search: shown })).id);
        }}
      />
    </>
  );
}

/** Where a search becomes a rule, under the name of the view where it is one. */
function ruleAddress(q: string, view: View | null): string {
  return `/rules/new?${new URLSearchParams({ q, ...(view && { name: view.name }) })}`;
}

function ViewItem({ view }: { view: View }) {
  return (
    <MenuItem
      icon={view.isShared ? <Users size={14} /> : <Bookmark size={14} />}
      render={<Link href={viewAddress(view)} />}
    >
      <span className="max-w-64 min-w-0 flex-1 truncate">{view.name}</span>
      {!view.isMine && <span className="text-xs text-muted">by {view.madeBy}</span>}
      {view.isMine && view.isShared && <span className="text-xs text-muted">shared</span>}
    </MenuItem>
  );
}

/** What can be done with the view that is open; what changes it is its maker's. */
function ViewActions({
  view,
  views,
  shown,
  onRename,
  onOpen,
}: {
  view: View;
  views: Views;
  /** What is seen, where that is not what the view has. */
  shown: ViewSearch | null;
  onRename: () => void;
  onOpen: Props['onOpen'];
}): ReactNode {
  const attempt = (done: Promise<unknown>, says: string): void => {
    done.then(
      () => toast(says),
      (error: unknown) => toastError('The view was not changed', sayError(error)),
    );
  };
  async function remove(): Promise<void> {
    await views.remove(view.id);
    onOpen(null);
    const { name, isShared, search } = view;
    toast(`“${name}” was deleted`, {
      undo: () => attempt(views.create({ name, isShared, search }), `“${name}” is there again`),
    });
  }
  return (
    <>
      <MenuItem
        icon={<Copy size={14} />}
        onClick={() => attempt(copyText(`${window.location.origin}${viewAddress(view)}`), 'The link was copied')}
      >
        Copy link
      </MenuItem>
      {view.isMine && (
        <>
          {shown && (
            <MenuItem
              icon={<Save size={14} />}
              onClick={() => attempt(views.change(view.id, { search: shown }), `“${view.name}” was saved`)}
            >
              Save the changes
            </MenuItem>
          )}
          <MenuItem icon={<Pencil size={14} />} onClick={onRename}>
            Rename or share…
          </MenuItem>
          <MenuItem
            icon={<Trash2 size={14} />}
            onClick={() =>
              void remove().catch((error: unknown) => toastError('The view was not deleted', sayError(error)))
            }
          >
            Delete
          </MenuItem>
        </>
      )}
    </>
  );
}
