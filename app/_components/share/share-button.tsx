'use client';
import { Share2 } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import type { Shared } from '@/lib/schemas/share-links';
import { Only } from '../access/role';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';

const ShareLinks = lazy(() => import('./share-links').then((parts) => ({ default: parts.ShareLinks })));

/** Links by which somebody without an account reads one thing: makes, lists and revokes them. */
export function ShareButton({
  of,
  name,
  size,
}: {
  of: Shared /** What it is, to tell buttons apart. */;
  name: string;
  size?: 'sm';
}) {
  const [open, setOpen] = useState(false);
  return (
    <Only need="analyst">
      <Button {...(size && { size })} onClick={() => setOpen(true)}>
        <Share2 size={14} aria-hidden />
        Share…<span className="sr-only"> {name}</span>
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Read-only links"
        description="Whoever has one reads this and downloads its files, without an account, and nothing else. Each time is recorded."
      >
        <Suspense fallback={<p className="text-muted">Loading…</p>}>
          <ShareLinks of={of} onClose={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </Only>
  );
}
