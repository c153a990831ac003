'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { toastError } from '@/app/_components/ui/toasts';
import type { Preference, PreferenceName, TableColumn } from '@/lib/schemas/preferences';
import { type TableKind, namedColumns, usualColumns } from './columns';

const SAVE_MS = 300;
/** The first comes before the next page is asked for, and not everywhere. */
const LEAVING = ['beforeunload', 'pagehide'] as const;
const PREFERENCE: Readonly<Record<TableKind, PreferenceName>> = { events: 'event-columns', records: 'record-columns' };

export type Columns = {
  columns: readonly TableColumn[];
  /** Whether the address names them, as that of a saved view does. */
  areNamed: boolean;
  change: (columns: TableColumn[]) => void;
  /** Back to those of the person; of those, to what everybody begins with. */
  reset: () => void;
};

/**
 * The columns of a table as the person likes them, kept on the server a moment after each change. Where the address names some it is the address
 * that changes, and how wide they are is of this page.
 */
export function useColumns(
  kind: TableKind,
  kept: readonly TableColumn[] | null,
  named: readonly string[] | null,
  rename: (names: string[] | null) => void,
): Columns {
  const [liked, setLiked] = useState(kept ?? usualColumns(kind));
  const [drawn, setDrawn] = useState<readonly TableColumn[]>([]);
  const save = useSaving(PREFERENCE[kind]);
  const ofAddress = namedColumns(named, [...drawn, ...liked]);
  const namesNow = ofAddress?.map(({ name }) => name).join(',');
  const change = useCallback(
    (next: TableColumn[]) => {
      if (namesNow === undefined) {
        setLiked(next);
        save({ columns: next });
        return;
      }
      setDrawn(next);
      const names = next.map(({ name }) => name);
      if (names.join(',') !== namesNow) rename(names);
    },
    [namesNow, rename, save],
  );
  return {
    columns: ofAddress ?? liked,
    areNamed: ofAddress !== null,
    change,
    reset: () => {
      if (ofAddress) return rename(null);
      setLiked(usualColumns(kind));
      save({ columns: null });
    },
  };
}

/** Keeps each change at once; of those made while one is being kept only the last, after it, or when the page is left. */
function useSaving(name: PreferenceName): (preference: Preference) => void {
  const saving = useRef<Saving | null>(null);
  useEffect(() => {
    const sendNow = (): void => saving.current?.sendNow();
    for (const event of LEAVING) window.addEventListener(event, sendNow);
    return () => {
      for (const event of LEAVING) window.removeEventListener(event, sendNow);
      sendNow();
    };
  }, []);
  return useCallback(
    (body: Preference) => {
      saving.current ??= savingOf(name);
      saving.current.save(body);
    },
    [name],
  );
}

type Saving = { save: (body: Preference) => void; sendNow: () => void };

/** One at a time, so that what was chosen last is what stays, and no more often than every {@link SAVE_MS}. */
function savingOf(name: PreferenceName): Saving {
  let waiting: Preference | null = null;
  let isBusy = false;
  async function send(body: Preference): Promise<void> {
    isBusy = true;
    try {
      const spaced = new Promise((resolve) => setTimeout(resolve, SAVE_MS));
      await api(null, `/api/v1/preferences/${name}`, { method: 'PUT', body, keepalive: true });
      await spaced;
    } catch (error) {
      toastError('Your columns were not kept', sayError(error));
    }
    isBusy = false;
    sendNow();
  }
  function sendNow(): void {
    if (waiting === null) return;
    const body = waiting;
    waiting = null;
    void send(body);
  }
  return {
    save: (body) => {
      waiting = body;
      if (!isBusy) sendNow();
    },
    sendNow,
  };
}
