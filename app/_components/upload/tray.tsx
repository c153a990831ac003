'use client';
import { ChevronDown, ChevronUp, RotateCw, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { formatNoun } from '../format/number';
import { TrayItem } from './tray-item';
import { type Upload, isSettled } from './upload';

type Props = { uploads: readonly Upload[]; onRetry: (id: number) => void; onRemove: (id: number) => void; onClear: () => void };

/** What was dropped and what has come of it, at the lower right of every page. */
export function Tray({ uploads, onRetry, onRemove, onClear }: Props) {
  const [folded, setFolded] = useState(false);
  if (uploads.length === 0) return null;
  const left = uploads.filter((upload) => !isSettled(upload)).length;
  const Fold = folded ? ChevronUp : ChevronDown;
  return (
    <section aria-label="Uploads" className="popup no-print fixed right-3 bottom-[4.5rem] z-30 w-[min(26rem,calc(100vw-1.5rem))] md:right-4 md:bottom-4">
      <header className="flex h-10 items-center gap-1 border-b pr-1 pl-3">
        <h2 className="flex-1 font-medium" aria-live="polite">
          {left > 0 ? `${formatNoun(left, 'file')} on the way` : `${formatNoun(uploads.length, 'file')} done`}
        </h2>
        <IconButton label={folded ? 'Show uploads' : 'Fold uploads'} onClick={() => setFolded(!folded)} icon={<Fold size={16} aria-hidden />} />
        {left === 0 && <IconButton label="Close uploads" onClick={onClear} icon={<X size={16} aria-hidden />} />}
      </header>
      {!folded && (
        <ul className="max-h-[50vh] divide-y divide-line overflow-y-auto">
          {uploads.map((upload) => (
            <TrayItem key={upload.id} upload={upload}>
              {upload.phase === 'failed' && <IconButton label={`Try ${upload.file.name} again`} onClick={() => onRetry(upload.id)} icon={<RotateCw size={14} aria-hidden />} />}
              <IconButton label={isSettled(upload) ? `Dismiss ${upload.file.name}` : `Stop ${upload.file.name}`} onClick={() => onRemove(upload.id)} icon={<X size={14} aria-hidden />} />
            </TrayItem>
          ))}
        </ul>
      )}
    </section>
  );
}

function IconButton({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} onClick={onClick} className="grid size-7 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink">
      {icon}
    </button>
  );
}
