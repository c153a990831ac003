'use client';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import type { View } from '@/lib/schemas/views';

/** Asks for the name of a view, and who sees it. */
export function ViewDialog({
  kind,
  view,
  onClose,
  send,
}: {
  /** Null while it is closed. */
  kind: 'new' | 'rename' | null;
  /** The one that is open. */
  view: View | null;
  onClose: () => void;
  send: (name: string, isShared: boolean) => Promise<void>;
}) {
  const isRename = kind === 'rename';
  return (
    <FormDialog
      open={kind !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={isRename ? 'Rename or share the view' : 'Save as a view'}
      description="A view keeps the search, the period, the columns and the order. A range such as the last 7 days stays one that ends now."
      action="Save"
      whileBusy="Saving…"
      send={(field) => send(field('name'), field('isShared') === 'on')}
    >
      <Field
        label="Name"
        name="name"
        required
        maxLength={100}
        autoComplete="off"
        defaultValue={isRename ? (view?.name ?? '') : ''}
      />
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          name="isShared"
          defaultChecked={isRename && view?.isShared === true}
          className="size-3.5 accent-ink"
        />
        Everybody here sees it
      </label>
    </FormDialog>
  );
}
