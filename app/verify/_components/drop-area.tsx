import { clsx } from 'clsx';
import { FilePlus2, FolderPlus } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Given } from '@/lib/verify/page/messages';
import { alone, filesOf, inFolder } from './dropped-files';

const EXAMPLES = [
  ['A log', 'audit.jsonl, audit-events.ndjson, a segment, .gz'],
  ['What was signed', '*.sigstore.json, audit-attestation.bundle'],
  ['Trust material', 'key.pem, trusted_root.json'],
  ['A whole package', 'evidence.zip, or proof.json of one record'],
] as const;

/** Of an input: it takes a folder. React's types do not know it. */
const FOLDERS = { webkitdirectory: '' };

/** Takes files, dropped anywhere on the page or chosen. */
export function DropArea({
  onNear,
  onFiles,
  onFailure,
  isLarge,
}: {
  /** Files are about to be given. */
  onNear(): void;
  onFiles(files: Given[]): void;
  /** What was dropped cannot be read. */
  onFailure(message: string): void;
  isLarge: boolean;
}) {
  const id = useId();
  const isOver = useDrop(onNear, onFiles, onFailure);
  return (
    <div onPointerEnter={onNear} onFocus={onNear}>
      <div
        className={clsx(
          'relative rounded-md border-2 border-dashed bg-surface transition-colors focus-within:border-focus',
          isOver ? 'border-seal bg-seal-wash' : 'border-edge',
          isLarge ? 'px-5 py-10 text-center' : 'px-4 py-4',
        )}
      >
        <label htmlFor={id} className={clsx('block cursor-pointer', !isLarge && 'flex flex-wrap items-center gap-x-3')}>
          <FilePlus2
            size={isLarge ? 32 : 18}
            aria-hidden
            className={clsx(isOver ? 'text-seal' : 'text-faint', isLarge && 'mx-auto mb-3')}
          />
          <span className={clsx('font-semibold', isLarge ? 'text-xl' : 'text-base')}>
            {isLarge ? 'Drop files here, or choose them' : 'Add more files'}
          </span>
          <span className={clsx('text-muted', isLarge ? 'mt-1 block text-base' : 'text-sm')}>
            All at once or one after another, in any mix; each is recognised by its content.
          </span>
        </label>
        <input
          id={id}
          type="file"
          multiple
          className="absolute inset-0 size-full cursor-pointer opacity-0"
          onChange={({ target }) => {
            onFiles([...(target.files ?? [])].map(alone));
            target.value = '';
          }}
        />
        {isLarge && (
          <dl className="mx-auto mt-6 grid max-w-[44rem] gap-x-6 gap-y-3 text-left sm:grid-cols-2">
            {EXAMPLES.map(([what, names]) => (
              <div key={what} className="border-l-2 border-line pl-3">
                <dt className="font-medium">{what}</dt>
                <dd className="text-muted">{names}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <FolderChooser onFiles={onFiles} />
    </div>
  );
}

/** For who cannot drop: a folder with all that is in it. */
function FolderChooser({ onFiles }: { onFiles(files: Given[]): void }) {
  const id = useId();
  return (
    <p className="relative mt-2 w-fit rounded-md text-muted focus-within:outline-2 focus-within:outline-focus">
      <label htmlFor={id} className="flex cursor-pointer items-center gap-2 py-1">
        <FolderPlus size={15} aria-hidden />
        or choose a folder, as an unpacked package is
      </label>
      <input
        id={id}
        type="file"
        {...FOLDERS}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])].map(inFolder));
          target.value = '';
        }}
      />
    </p>
  );
}

/** True while files are dragged over the window. */
function useDrop(onNear: () => void, onFiles: (files: Given[]) => void, onFailure: (message: string) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const hover = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) onNear();
    };
    // relatedTarget is null when the pointer leaves the window itself
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      filesOf(event.dataTransfer).then(onFiles, (error: unknown) =>
        onFailure(error instanceof Error ? error.message : String(error)),
      );
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', hover);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onNear, onFiles, onFailure]);
  return over;
}
