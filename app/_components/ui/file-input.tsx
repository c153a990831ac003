'use client';
import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Every browser knows it; React's types do not. In the page as served, so that a folder can be chosen before the page is awake. */
const WHOLE_FOLDER = { webkitdirectory: '' };

type Props = {
  ref: RefObject<HTMLInputElement | null>;
  label: string;
  kind: 'files' | 'folder';
  onFiles: (files: File[]) => void;
};

/** The browser's own dialog for files or a folder, opened by a click on `ref`. What was chosen before the page was awake is taken too. */
export function FileInput({ ref, label, kind, onFiles }: Props) {
  function take(input: HTMLInputElement): void {
    const chosen = [...(input.files ?? [])];
    input.value = ''; // the same can be chosen again
    onFiles(chosen);
  }
  const takeEarly = useEffectEvent(() => {
    if (ref.current?.files?.length) take(ref.current);
  });
  useEffect(() => takeEarly(), []);
  return (
    <input
      ref={ref}
      type="file"
      hidden
      aria-label={label}
      {...(kind === 'folder' ? WHOLE_FOLDER : { multiple: true })}
      onChange={(event) => take(event.target)}
    />
  );
}
