'use client';
import { ChevronDown, Download, X } from 'lucide-react';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { sayError } from '@/app/_components/api/request-error';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatNoun } from '@/app/_components/format/number';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { type Asked, eventsPath } from './asked';
import type { Saved } from './save-found';

type End = 'csv' | 'ndjson' | 'parquet';

/**
 * Saves everything that is found, oldest first or in the order of its chain. How far it is stands in its place, where it can be stopped; a browser
 * that keeps no files for pages shows both itself.
 */
export function ExportMenu({
  asked,
  found,
}: {
  asked: Asked;
  /** Null until it is counted. */
  found: number | null;
}) {
  const { run: _, ...everything } = asked;
  const saving = useSaving();
  const file = (end: End) => {
    const path = eventsPath(`.${end}`, everything);
    const save = (event: MouseEvent): void => {
      if (!canKeepFiles()) return;
      event.preventDefault();
      void saving.save(path, end);
    };
    return <a href={path} download onClick={save} />;
  };
  if (saving.now) return <Progress {...saving.now} found={found} onStop={saving.stop} />;
  return (
    <Menu
      trigger={
        <button type="button" className={buttonClass('plain')}>
          <Download size={14} aria-hidden className="text-faint" />
          Export
          <ChevronDown size={12} aria-hidden className="text-faint" />
        </button>
      }
    >
      {found !== null && <p className="px-2 pt-1.5 pb-1 text-xs text-faint">{formatNoun(found, 'record')}</p>}
      <MenuItem icon={<Download size={14} />} render={file('csv')}>
        Fields, as CSV
      </MenuItem>
      <MenuItem icon={<Download size={14} />} render={file('ndjson')}>
        Lines as they were written, NDJSON
      </MenuItem>
      <MenuItem icon={<Download size={14} />} render={file('parquet')}>
        Fields, as Parquet
      </MenuItem>
    </Menu>
  );
}

type Now = { end: End; saved: Saved };

function Progress({ end, saved, found, onStop }: Now & { found: number | null; onStop: () => void }) {
  // a line of NDJSON is a record; a field of a CSV may have several
  const records = end === 'ndjson' ? `${formatNoun(saved.lines, 'record')}, ` : '';
  return (
    <div className="flex items-center gap-2 text-sm text-muted tabular" role="status" aria-live="off">
      <span>
        {records}
        {formatBytes(saved.bytes)} saved{found !== null && ` of ${formatNoun(found, 'record')}`}
      </span>
      <Button size="sm" onClick={onStop} autoFocus>
        <X size={14} aria-hidden />
        Stop
      </Button>
    </div>
  );
}

function canKeepFiles(): boolean {
  return typeof FileSystemFileHandle !== 'undefined' && 'createWritable' in FileSystemFileHandle.prototype;
}

/** One export at a time, which ends with the page. */
function useSaving(): { now: Now | null; save: (path: string, end: End) => Promise<void>; stop: () => void } {
  const [now, setNow] = useState<Now | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  async function save(path: string, end: End): Promise<void> {
    const abort = new AbortController();
    running.current = abort;
    setNow({ end, saved: { bytes: 0, lines: 0 } });
    let shownMs = 0;
    const onProgress = (saved: Saved): void => {
      if (performance.now() - shownMs < SHOW_MS) return;
      shownMs = performance.now();
      setNow({ end, saved });
    };
    try {
      const { saveFound } = await import('./save-found');
      const { bytes } = await saveFound(path, `events.${end}`, { signal: abort.signal, onProgress });
      toast(`events.${end} saved`, { description: formatBytes(bytes) });
    } catch (error) {
      if (abort.signal.aborted) toast('Export stopped', { description: 'Nothing of it was saved.' });
      else toastError('Nothing was saved', sayError(error));
    } finally {
      setNow(null);
    }
  }
  return { now, save, stop: () => running.current?.abort() };
}

/** The figures change this often at most. */
const SHOW_MS = 200;
