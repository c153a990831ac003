import { X } from 'lucide-react';
import { clsx } from 'clsx';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatNoun } from '@/app/_components/format/number';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import type { FileItem } from '@/lib/verify/page/outcome';

/** Everything that was given, and what it was taken for. */
export function FilesCard({ files, onRemove }: { files: readonly FileItem[]; onRemove(ids: string[]): void }) {
  return (
    <Card
      title={formatNoun(files.filter(({ from }) => from === null).length, 'file')}
      aside={
        <button
          type="button"
          onClick={() => {
            focusChooser();
            onRemove(files.map(({ id }) => id));
          }}
          className={buttonClass('ghost', 'sm')}
        >
          Remove all
        </button>
      }
      flush
    >
      <ul className="divide-y divide-line">
        {files
          .filter(({ from }) => from === null)
          .map((file) => (
            <li key={file.id}>
              <div className="flex min-h-11 items-center gap-3 py-1.5 pr-2 pl-4">
                <About file={file} />
                <button
                  type="button"
                  data-takes-away
                  onClick={({ currentTarget }) => {
                    focusNear(currentTarget);
                    onRemove([file.id]);
                  }}
                  aria-label={`Remove ${file.name}`}
                  className={buttonClass('ghost', 'icon')}
                >
                  <X size={15} aria-hidden />
                </button>
              </div>
              <InPackage files={files.filter(({ from }) => from === file.name)} />
            </li>
          ))}
      </ul>
    </Card>
  );
}

/** What is about to go hands the keyboard on: to the same button of a file beside it that stays, or to where files are chosen. */
function focusNear(button: HTMLElement): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-takes-away]')];
  const at = all.indexOf(button);
  const near = all[at + 1] ?? all[at - 1];
  delete button.dataset['takesAway'];
  if (near) near.focus();
  else focusChooser();
}

function focusChooser(): void {
  document.querySelector<HTMLElement>('input[type=file]')?.focus();
}

function InPackage({ files }: { files: readonly FileItem[] }) {
  if (files.length === 0) return null;
  return (
    <details className="px-4 pb-2.5">
      <summary className="text-muted">{formatNoun(files.length, 'file')} in it</summary>
      <ul className="mt-1.5 divide-y divide-line border-l-2 border-line pl-3">
        {files.map((file) => (
          <li key={file.id} className="flex items-center gap-3 py-1.5">
            <About file={file} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function About({ file: { name, sizeBytes, what, isTrouble } }: { file: FileItem }) {
  return (
    <>
      <p className="min-w-0 flex-1">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        <span className={clsx('block [overflow-wrap:anywhere]', isTrouble ? 'text-v-tampered' : 'text-muted')}>
          {what}
        </span>
      </p>
      <span className="tabular shrink-0 text-muted">{formatBytes(sizeBytes)}</span>
    </>
  );
}
