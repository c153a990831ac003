'use client';
import { type Ref, useImperativeHandle, useRef } from 'react';
import { formatBytes } from '../format/bytes';
import { FileInput } from '../ui/file-input';
import { toastError } from '../ui/toasts';
import { type Kind, fingerprintOf } from './fingerprint';
import { gatherFolder, sendable } from './gather';
import type { Left } from './left';

/** Opens a picker; with `left`, for what is to be gone on with. */
export type PickersHandle = { open: (kind: Kind, left: Left | null) => void };
type Props = {
  ref: Ref<PickersHandle>;
  target: string | null;
  onFiles: (files: Iterable<File>, chain: string | null) => void;
};

/** The browser's own dialogs for files and for a folder. */
export function Pickers({ ref, target, onFiles }: Props) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const wanted = useRef<Left | null>(null);
  useImperativeHandle(ref, () => ({
    open(kind, left) {
      wanted.current = left;
      (kind === 'folder' ? folder : files).current?.click();
    },
  }));

  function take(chosen: readonly File[]): void {
    const left = wanted.current;
    if (!left) return onFiles(chosen, target);
    const same = chosen.find((file) => fingerprintOf(file, left.chain) === left.fingerprint);
    if (same) onFiles([same], left.chain);
    else
      toastError(
        `That is not the ${left.kind === 'folder' ? 'folder' : 'file'} that was begun`,
        `${left.name} had ${formatBytes(left.sizeBytes)} and was last changed at another time than what you chose. To send it as it is now, discard the unfinished upload and upload it again.`,
      );
  }

  return (
    <>
      <FileInput
        ref={files}
        label="Logs to upload"
        kind="files"
        onFiles={(chosen) => void sendable(chosen).then(take)}
      />
      <FileInput ref={folder} label="Folder to upload" kind="folder" onFiles={(chosen) => take(gatherFolder(chosen))} />
    </>
  );
}
