'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { formatNoun } from '@/app/_components/format/number';
import { STATUS_WORDS } from '@/app/_components/triage/words';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { CaseDetail, CasePage, type Case } from '@/lib/schemas/cases';

/** Cases that findings are usually added to. */
const OPEN = '/api/v1/cases?status=new,in_progress,on_hold&limit=100';

/** Asks for the case some findings go into: one there is, or another. */
export function CaseDialog({
  findingIds,
  open,
  onClose,
  onDone,
}: {
  findingIds: readonly string[];
  open: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const router = useRouter();
  const [cases, setCases] = useState<readonly Case[] | null>(null);
  const [chosen, setChosen] = useState('');
  useEffect(() => {
    if (!open) return;
    api(CasePage, OPEN).then(
      ({ items }) => setCases(items),
      (error: unknown) => toastError('The cases were not read', sayError(error)),
    );
  }, [open]);
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={`Add ${formatNoun(findingIds.length, 'finding')} to a case`}
      action="Add"
      whileBusy="Adding…"
      ready={cases !== null}
      send={async (field) => {
        const made =
          chosen === ''
            ? await api(CaseDetail, '/api/v1/cases', {
                method: 'POST',
                body: { title: field('title'), findingIds },
              })
            : await api(CaseDetail, `/api/v1/cases/${chosen}/findings`, {
                method: 'PATCH',
                body: { add: findingIds },
              });
        toast(`Added to “${made.title}”`);
        onDone();
        router.refresh();
      }}
    >
      <Labelled label="Case">
        <select value={chosen} autoFocus onChange={({ target }) => setChosen(target.value)} className={inputClass}>
          <option value="">A new case</option>
          {(cases ?? []).map(({ id, title, status }) => (
            <option key={id} value={id}>
              {`${title} (${STATUS_WORDS[status].toLowerCase()})`}
            </option>
          ))}
        </select>
      </Labelled>
      {chosen === '' && <Field label="Title" name="title" required maxLength={200} autoComplete="off" />}
    </FormDialog>
  );
}
