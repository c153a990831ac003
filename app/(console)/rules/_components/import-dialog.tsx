'use client';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { FormError } from '@/app/_components/ui/form';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { RuleImport } from '@/lib/schemas/browser/rules';
import type { RuleImport as Report } from '@/lib/schemas/rules';

/** Refusals that are shown; the rest are counted. */
const MOST_SHOWN = 200;

/** A Sigma file or a ZIP of them: says first what would be taken and what not, and takes it when that is wanted. */
export function ImportDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const [isEnabled, setEnabled] = useState(true);
  const [report, setReport] = useState<Report | null>(null);
  const { busy, error, submit, clearError } = useSubmit();
  const send = async (of: File, isDryRun: boolean): Promise<void> => {
    const query = new URLSearchParams({
      name: of.name.slice(0, 200),
      dryRun: `${isDryRun}`,
      isEnabled: `${isEnabled}`,
    });
    setReport(await api(RuleImport, `/api/v1/rules/import?${query}`, { method: 'POST', file: of }));
    if (!isDryRun) router.refresh();
  };
  function choose(chosen: File | undefined): void {
    setFile(chosen ?? null);
    setReport(null);
    clearError();
    if (chosen) submit(() => send(chosen, true));
  }
  const isDone = report !== null && !report.isDryRun;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Import rules"
      description="One Sigma file, or a ZIP of them. Rules for other log sources are refused by the field they name."
    >
      <div className="space-y-4">
        {!isDone && (
          <>
            <label className="flex flex-col gap-1">
              <span className="text-xs font-medium text-muted">File</span>
              <input
                type="file"
                accept=".yml,.yaml,.zip"
                onChange={({ target }) => choose(target.files?.[0])}
                className="min-h-8 text-sm file:mr-3 file:h-8 file:rounded-md file:border file:border-edge file:bg-surface file:px-3 file:text-ink"
              />
            </label>
            <label className="flex min-h-6 items-center gap-2">
              <input
                type="checkbox"
                checked={isEnabled}
                onChange={({ target }) => setEnabled(target.checked)}
                className="size-3.5 accent-ink"
              />
              They run at once, over what was recorded before too
            </label>
          </>
        )}
        <p role="status" className="text-muted empty:hidden">
          {busy && 'Reading the file…'}
        </p>
        {report && <ReportOf report={report} />}
        <FormError error={error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>{isDone ? 'Close' : 'Cancel'}</Button>
          {!isDone && (
            <Button
              look="primary"
              disabled={busy || !file || !report || report.taken.length === 0}
              onClick={() => file && submit(() => send(file, false))}
            >
              {report && report.taken.length > 0 ? `Keep ${formatNoun(report.taken.length, 'rule')}` : 'Keep'}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function ReportOf({ report: { isDryRun, taken, known, refused, otherFiles } }: { report: Report }) {
  return (
    <div className="space-y-3" aria-live="polite">
      <p>
        {isDryRun ? 'Would be kept' : 'Kept'}: {formatNoun(taken.length, 'rule')}.
        {known.length > 0 && ` Here already: ${formatNoun(known.length, 'rule')}.`}
        {refused.length > 0 && ` Refused: ${formatNoun(refused.length, 'file')}.`}
        {otherFiles > 0 && ` Not looked at: ${formatNoun(otherFiles, 'file')} of other kinds.`}
      </p>
      {taken.length > 0 && (
        <Listed label={isDryRun ? 'Would be kept' : 'Kept'}>
          {taken.slice(0, MOST_SHOWN).map(({ file, title, level }) => (
            <li key={file}>
              {title} <span className="text-muted">({level})</span>
            </li>
          ))}
        </Listed>
      )}
      {refused.length > 0 && (
        <Listed label="Refused">
          {refused.slice(0, MOST_SHOWN).map(({ file, line, column, message }) => (
            <li key={file}>
              <span className="font-mono text-xs">
                {file}:{line}:{column}
              </span>{' '}
              <span className="text-muted">{message}</span>
            </li>
          ))}
          {refused.length > MOST_SHOWN && <li>and {formatNoun(refused.length - MOST_SHOWN, 'file')} more</li>}
        </Listed>
      )}
    </div>
  );
}

function Listed({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      tabIndex={0}
      className="max-h-56 space-y-1 overflow-y-auto rounded-md border bg-paper p-3 [overflow-wrap:anywhere]"
    >
      {children}
    </ul>
  );
}
