'use client';
import { ChevronDown, Download, ListChecks, X } from 'lucide-react';
import { type MouseEvent, lazy, useState } from 'react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatNoun } from '@/app/_components/format/number';
import { Button, buttonClass } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import { type Asked, eventsPath } from './asked';
import { type Saving, canKeepFiles, useSaving } from './use-saving';

const DrawSample = lazy(() => import('./draw-sample').then((loaded) => ({ default: loaded.DrawSample })));

type End = 'csv' | 'ndjson' | 'parquet';

/**
 * Saves everything that is found, oldest first or in the order of its chain, or draws a sample of it. How far it is stands in its place, where it can
 * be stopped; a browser that keeps no files for pages shows both itself.
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
  const [sampling, setSampling] = useState(false);
  const file = (end: End) => {
    const path = eventsPath(`.${end}`, everything);
    const save = (event: MouseEvent): void => {
      if (!canKeepFiles()) return;
      event.preventDefault();
      void saving.save(path, `events.${end}`);
    };
    return <a href={path} download onClick={save} />;
  };
  if (saving.now) return <Progress {...saving.now} found={found} onStop={saving.stop} />;
  return (
    <>
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
        <MenuItem icon={<ListChecks size={14} />} onClick={() => setSampling(true)}>
          A sample, with proofs…
        </MenuItem>
      </Menu>
      <Dialog
        open={sampling}
        onOpenChange={setSampling}
        title="Draw a sample"
        description="Records drawn by a seed from all that is found. Anybody who has them draws the same."
      >
        <DrawSample asked={everything} found={found} />
      </Dialog>
    </>
  );
}

function Progress({ name, saved, found, onStop }: Saving & { found: number | null; onStop: () => void }) {
  // a line of NDJSON is a record; a field of a CSV may have several
  const records = name.endsWith('.ndjson') ? `${formatNoun(saved.lines, 'record')}, ` : '';
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
