'use client';
import { Ban, Ellipsis, KeyRound, LogOut, ShieldOff, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { buttonClass } from '@/app/_components/ui/button';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { Account, CreatedLink } from '@/lib/schemas/settings';

/** What an administrator does about a person now and then. */
export function AccountMenu({
  person,
  isSelf,
  onLink,
}: {
  person: Account;
  /** Nobody is offered to shut themselves out. */
  isSelf: boolean;
  onLink: (made: CreatedLink) => void;
}) {
  const { id, name, isDisabled, isFromProvider, hasSecondFactor } = person;
  const router = useRouter();
  const { submit } = useSubmit({ failed: 'Nothing was changed' });
  const at = `/api/v1/people/${encodeURIComponent(id)}`;
  const turn = (disabled: boolean) =>
    submit(async () => {
      await api(null, at, { method: 'PATCH', body: { isDisabled: disabled } });
      toast(disabled ? `${name} is disabled` : `${name} can sign in again`, {
        ...(disabled && { description: 'Signed out everywhere; their tokens are refused.', undo: () => turn(false) }),
      });
      router.refresh();
    });
  const reset = () =>
    submit(async () => {
      const { CreatedLink } = await import('@/lib/schemas/settings');
      onLink(await api(CreatedLink, `${at}/password-link`, { method: 'POST' }));
    });
  const resetFactor = () =>
    submit(async () => {
      const { ResetSecondFactor } = await import('@/lib/schemas/second-factor');
      const { mail, mailFailure } = await api(ResetSecondFactor, `${at}/second-factor`, { method: 'DELETE' });
      toast(`${name} has no second factor any more, and is signed out everywhere`, {
        description: TOLD[mail](mailFailure),
      });
      router.refresh();
    });
  const signOut = () =>
    submit(async () => {
      await api(null, `${at}/sessions`, { method: 'DELETE' });
      toast(`${name} is signed out everywhere`);
      router.refresh();
    });
  return (
    <Menu
      trigger={
        <button type="button" className={buttonClass('ghost', 'icon')} aria-label={`More for ${name}`}>
          <Ellipsis size={16} aria-hidden />
        </button>
      }
    >
      {!isDisabled && !isFromProvider && (
        <MenuItem icon={<KeyRound size={14} />} onClick={reset}>
          Link for a new password…
        </MenuItem>
      )}
      {!isSelf && hasSecondFactor && (
        <MenuItem icon={<ShieldOff size={14} />} onClick={resetFactor}>
          Take the second factor away
        </MenuItem>
      )}
      {!isDisabled && (
        <MenuItem icon={<LogOut size={14} />} onClick={signOut}>
          Sign out everywhere
        </MenuItem>
      )}
      {!isSelf && (
        <MenuItem icon={isDisabled ? <Undo2 size={14} /> : <Ban size={14} />} onClick={() => turn(!isDisabled)}>
          {isDisabled ? 'Enable' : 'Disable'}
        </MenuItem>
      )}
    </Menu>
  );
}

const TOLD: Record<'sent' | 'failed' | 'none', (failure: string | null) => string> = {
  sent: () => 'They were told by mail.',
  failed: (failure) => `They could not be told by mail: ${failure ?? ''}. Tell them yourself.`,
  none: () => 'No mail server is stated: tell them yourself.',
};
