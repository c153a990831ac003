import { X } from 'lucide-react';
import { clsx } from 'clsx';
import { formatBytes } from '@/app/_components/format/bytes';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import type { FileItem } from '@/lib/verifier/outcome';

/** Everything that was given, and what it was taken for. */
export function FilesCard({ files, onRemove }: { files: readonly FileItem[]; onRemove(ids: string[]): void }) {
  return (
    <Card
      title={`${files.length} ${files.length === 1 ? 'file' : 'files'}`}
      aside={
        <button type="button" onClick={() => onRemove(files.map(({ id }) => id))} className={buttonClass('ghost', 'sm')}>
          Take all away
        </button>
      }
      flush
    >
      <ul className="divide-y divide-line">
        {files.map(({ id, name, from, sizeBytes, what, isTrouble }) => (
          <li key={id} className={clsx('flex min-h-11 items-center gap-3 py-1.5 pr-2 pl-4', from !== null && 'pl-8')}>
            <p className="min-w-0 flex-1">
              <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
              <span className={clsx('block [overflow-wrap:anywhere]', isTrouble ? 'text-v-tampered' : 'text-muted')}>{what}</span>
            </p>
            <span className="tabular shrink-0 text-muted">{formatBytes(sizeBytes)}</span>
            {from === null ? (
              <button type="button" onClick={() => onRemove([id])} aria-label={`Take ${name} away`} className={buttonClass('ghost', 'icon')}>
                <X size={15} aria-hidden />
              </button>
            ) : (
              <span className="w-8 shrink-0" />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
