'use client';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useState } from 'react';
import type { FormatId } from '@/lib/core/chain/format';
import { formatNoun } from '../format/number';
import { TrayActions, type TrayDoings } from './tray-actions';
import { TrayButton } from './tray-button';
import { TrayItem } from './tray-item';
import { type Upload, isHeld, isSettled } from './upload';

type Props = TrayDoings & {
  uploads: readonly Upload[];
  /** The file of an upload that was begun before is to be chosen again. */
  onChoose: (upload: Upload) => void;
  onFormat: (upload: Upload, format: FormatId) => void;
  onClear: () => void;
};

/** What was dropped and what has come of it, at the lower right of every page. */
export function Tray({ uploads, onChoose, onFormat, onClear, ...doings }: Props) {
  const [folded, setFolded] = useState(false);
  if (uploads.length === 0) return null;
  const left = uploads.filter((upload) => !isSettled(upload)).length;
  const Fold = folded ? ChevronUp : ChevronDown;
  return (
    <section
      aria-label="Uploads"
      className="popup no-print fixed right-3 bottom-[4.5rem] z-30 w-[min(26rem,calc(100vw-1.5rem))] md:right-4 md:bottom-4"
    >
      <header className="flex h-10 items-center gap-1 border-b pr-1 pl-3">
        <h2 className="flex-1 font-medium" aria-live="polite">
          {title(uploads)}
        </h2>
        <TrayButton
          label={folded ? 'Show uploads' : 'Fold uploads'}
          onClick={() => setFolded(!folded)}
          icon={<Fold size={16} aria-hidden />}
        />
        {left === 0 && <TrayButton label="Close uploads" onClick={onClear} icon={<X size={16} aria-hidden />} />}
      </header>
      {!folded && (
        <ul className="max-h-[50vh] divide-y divide-line overflow-y-auto">
          {uploads.map((upload) => (
            <TrayItem
              key={upload.id}
              upload={upload}
              onChoose={() => onChoose(upload)}
              onFormat={(format) => onFormat(upload, format)}
            >
              <TrayActions upload={upload} {...doings} />
            </TrayItem>
          ))}
        </ul>
      )}
    </section>
  );
}

function title(uploads: readonly Upload[]): string {
  const held = uploads.filter(isHeld).length;
  const moving = uploads.filter((upload) => !isSettled(upload)).length - held;
  if (moving > 0) return `${formatNoun(moving, 'file')} on the way`;
  return held > 0 ? `${formatNoun(held, 'file')} not finished` : `${formatNoun(uploads.length, 'file')} done`;
}
