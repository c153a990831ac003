'use client';
import { clsx } from 'clsx';
import { FilePlus2, Link2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { gatherDropped, sendable } from './gather';

type OnFiles = (files: Iterable<File>, chain: string | null) => void;

/** Covers the page while files are dragged over it. On a chain's page it asks whether they belong to that chain. */
export function DropZone({ target, onFiles }: { target: string | null; onFiles: OnFiles }) {
  const over = useFileDrag(onFiles);
  if (!over) return null;
  return (
    <section aria-label="Drop files" className="fixed inset-0 z-50 flex flex-col gap-3 bg-scrim p-4 sm:flex-row sm:p-8">
      {target !== null && (
        <Target icon={<Link2 size={28} />} title={`Add to ${target}`} onDrop={(files) => onFiles(files, target)}>
          For a log that has grown, its next rotated file, or a sidecar file. It is checked against what is stored.
        </Target>
      )}
      <Target
        icon={<FilePlus2 size={28} />}
        title={target === null ? 'Drop audit logs to check them' : 'As chains of their own'}
        onDrop={(files) => onFiles(files, null)}
      >
        Each log becomes or extends the chain of its own name: files, a folder, or a .zip or .tar of them. Rotated files
        and the sidecar files of a session are recognised.
      </Target>
    </section>
  );
}

function Target({
  icon,
  title,
  children,
  onDrop,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  onDrop: (files: Iterable<File>) => void;
}) {
  const [over, setOver] = useState(false);
  return (
    <div
      onDragEnter={() => setOver(true)}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); // relatedTarget of a drag is a node or null
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void gathered(event.dataTransfer).then(onDrop);
      }}
      className={clsx(
        'flex flex-1 flex-col items-center justify-center rounded-md border-2 border-dashed bg-surface p-6 text-center',
        over ? 'border-seal' : 'border-edge',
      )}
    >
      <span aria-hidden className={over ? 'text-seal' : 'text-faint'}>
        {icon}
      </span>
      <p className="mt-3 text-xl font-semibold [overflow-wrap:anywhere]">{title}</p>
      <p className="mt-1 max-w-[44ch] text-base text-muted">{children}</p>
    </div>
  );
}

/** Entries must be taken before the drop's handler returns; what is in them may come later. */
function gathered({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return entries.length > 0 ? gatherDropped(entries) : sendable([...files]);
}

/** True while files (not text, not links) are dragged over the window. Those dropped beside the targets become chains of their own. */
function useFileDrag(onFiles: OnFiles): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) setOver(true);
    };
    const hover = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    // relatedTarget is null when the pointer leaves the window itself
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) void gathered(event.dataTransfer).then((files) => onFiles(files, null));
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
  }, [onFiles]);
  return over;
}
