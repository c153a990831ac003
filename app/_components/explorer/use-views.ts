'use client';
import { useCallback, useState } from 'react';
import * as z from 'zod';
import { api } from '@/app/_components/api/client';
import { useJson } from '@/app/_components/api/use-json';
import { type NewView, View, type ViewChange, ViewList } from '@/lib/schemas/views';

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
    async <T>(schema: z.ZodType<T>, path: string, method: string, body?: unknown): Promise<T> => {
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
    remove: (id) => send(z.undefined(), `${PATH}/${id}`, 'DELETE'),
  };
}
