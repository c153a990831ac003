'use client';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { Dialog } from '@/app/_components/ui/dialog';
import type { CreatedLink } from '@/lib/schemas/settings';

const focus = (part: HTMLElement | null): void => part?.focus();

/** A link that was just made, shown once. */
export function LinkDialog({
  link,
  title,
  email,
  onClose,
}: {
  link: CreatedLink | null;
  title: string;
  email: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      open={link !== null}
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description="Copy it now: it is not shown again."
    >
      {link && <ShownLink link={link} email={email} onClose={onClose} />}
    </Dialog>
  );
}

/** Has the focus, since the button that made the link is gone. */
export function ShownLink({ link, email, onClose }: { link: CreatedLink; email: string; onClose: () => void }) {
  return (
    <div ref={focus} tabIndex={-1} className="space-y-4 outline-none">
      <Command label="Copy link" wrap>
        {link.url}
      </Command>
      <p className="text-muted">
        It is good once, until <Time at={link.expiresAt} />. {MAIL[link.mail](email, link.mailFailure)}
      </p>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}

const MAIL: Record<CreatedLink['mail'], (email: string, failure: string | null) => string> = {
  sent: (email) => `It was mailed to ${email} too.`,
  failed: (email, failure) => `It could not be mailed: ${failure ?? ''}. Give it to ${email} yourself.`,
  none: (email) => `No mail server is stated, so give it to ${email} yourself.`,
};
