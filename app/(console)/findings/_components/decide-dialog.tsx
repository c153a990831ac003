'use client';
import { formatNoun } from '@/app/_components/format/number';
import { STATUS_WORDS, VERDICTS, VERDICT_WORDS } from '@/app/_components/triage/words';
import { Labelled, inputClass } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { FindingStatus, FindingVerdict } from '@/lib/schemas/triage';
import type { FindingChange } from '@/lib/schemas/triage';

const WHEN = { resolved: 'something was done about it', closed: 'nothing is left to do' } as const;

/** Asks what findings were found to be, and resolves or closes them. */
export function DecideDialog({
  count,
  open,
  onClose,
  onDecide,
}: {
  count: number;
  open: boolean;
  onClose: () => void;
  onDecide: (change: FindingChange) => Promise<void>;
}) {
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={count === 1 ? 'Resolve or close the finding' : `Resolve or close ${formatNoun(count, 'finding')}`}
      description="The verdict and the reason stay in the history of each, with who gave them."
      action="Decide"
      whileBusy="Deciding…"
      send={(field) => {
        const reason = field('reason').trim();
        return onDecide({
          status: FindingStatus.parse(field('status')),
          verdict: FindingVerdict.parse(field('verdict')),
          ...(reason && { reason }),
        });
      }}
    >
      <Labelled label="Verdict">
        <select name="verdict" required autoFocus defaultValue="" className={inputClass}>
          <option value="" disabled>
            What was it?
          </option>
          {VERDICTS.map((verdict) => (
            <option key={verdict} value={verdict}>
              {VERDICT_WORDS[verdict]}
            </option>
          ))}
        </select>
      </Labelled>
      <fieldset className="space-y-1">
        <legend className="mb-1 text-xs font-medium text-muted">Status</legend>
        {(['closed', 'resolved'] as const).map((status) => (
          <label key={status} className="flex min-h-6 items-center gap-2">
            <input
              type="radio"
              name="status"
              value={status}
              defaultChecked={status === 'closed'}
              className="size-3.5 accent-ink"
            />
            {STATUS_WORDS[status]}
            <span className="text-muted">{WHEN[status]}</span>
          </label>
        ))}
      </fieldset>
      <Labelled label="Reason, if there is more to say">
        <textarea name="reason" rows={3} maxLength={4000} className={`${inputClass} h-auto py-1.5`} />
      </Labelled>
    </FormDialog>
  );
}
