'use client';
import { CalendarClock, Ellipsis, FileCheck, Scale, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { buttonClass } from '@/app/_components/ui/button';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import type { ChainRetention } from '@/lib/schemas/retention';
import { DeleteDialog } from './delete-dialog';
import { HoldsDialog } from './holds-dialog';
import { KeepForm } from './keep-dialog';

/** What an administrator does about the retention of a chain. */
export function RetentionMenu({ chain }: { chain: ChainRetention }) {
  const [open, setOpen] = useState<'keep' | 'holds' | 'delete' | null>(null);
  const at = `/api/v1/chains/${chain.chainId}`;
  const close = () => setOpen(null);
  const isGone = chain.deletion?.tombstoneSha256 != null;
  return (
    <>
      <Menu
        trigger={
          <button type="button" className={buttonClass('ghost', 'icon')} aria-label={`More for ${chain.chain}`}>
            <Ellipsis size={16} aria-hidden />
          </button>
        }
      >
        {isGone ? (
          <MenuItem icon={<FileCheck size={14} />} onClick={() => window.location.assign(`${at}/tombstone`)}>
            Tombstone
          </MenuItem>
        ) : (
          <>
            <MenuItem icon={<CalendarClock size={14} />} onClick={() => setOpen('keep')}>
              How long it is kept…
            </MenuItem>
            <MenuItem icon={<Scale size={14} />} onClick={() => setOpen('holds')}>
              Legal holds…
            </MenuItem>
            {chain.state === 'deletable' && (
              <MenuItem icon={<Trash2 size={14} />} onClick={() => setOpen('delete')}>
                Delete…
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      <KeepForm
        open={open === 'keep'}
        onOpenChange={close}
        path={`${at}/retention`}
        policy={chain}
        chain={chain.chain}
      />
      <HoldsDialog open={open === 'holds'} onClose={close} chain={chain} />
      <DeleteDialog chain={open === 'delete' ? chain : null} onClose={close} />
    </>
  );
}
