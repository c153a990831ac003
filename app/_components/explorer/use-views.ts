'use client';
import { useCallback, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { useJson } from '@/app/_components/api/use-json';
import type { Reader } from '@/lib/schemas/browser/reader';
import { View, ViewList } from '@/lib/schemas/browser/views';
import type { NewView, ViewChange } from '@/lib/schemas/views';

const PATH = '/api/v1/views';
const NONE: readonly View[] = [];

export type Views = {
  views: readonly View[];
  create: (view: NewView) => Promise<View>;
  change: (id: string, change: ViewChange) => Promise<View>;
  remove: (id: string) => Promise<void>;
};

/** Saved searches, read again after each change of them here. */
export function useViews(): Views {
  const [changes, setChanges] = useState(0);
  const loaded = useJson(ViewList, PATH, changes);
  const send = useCallback(
    async <T>(schema: Reader<T> | null, path: string, method: string, body?: unknown): Promise<T> => {
      const value = await api(schema, path, { method, body });
      setChanges((before) => before + 1);
      return value;
    },
    [],
  );
  return {
    views: loaded.state === 'ready' ? loaded.value.items : NONE,
    create: (view) => send(View, PATH, 'POST', view),
    change: (id, change) => send(View, `${PATH}/${id}`, 'PATCH', change),
    remove: (id) => send<void>(null, `${PATH}/${id}`, 'DELETE'),
  };
}
