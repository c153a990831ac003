'use client';
import { useSyncExternalStore } from 'react';
import { Health } from '@/lib/schemas/settings';

const EVERY_MS = 20_000;
/** While something is wrong, people watch for it to be over. */
const TROUBLED_EVERY_MS = 3_000;

/** The server gives the same answer to everybody for two seconds. */
const AGED_MS = 2_200;

export type HealthNow = Health | 'unreached' | null;

let now: HealthNow = null;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

/** How the server is, asked for once for everything on the page that shows it. Null until it has answered. */
export function useHealth(): HealthNow {
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => null,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener('visibilitychange', look);
    look();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('visibilitychange', look);
    if (timer) clearTimeout(timer);
    timer = null;
  };
}

/** Asks again when something was not kept: now, and when the answer others got a moment ago has aged. */
export function lookAtHealth(): void {
  if (listeners.size === 0) return;
  look();
  setTimeout(look, AGED_MS);
}

function look(): void {
  if (timer) clearTimeout(timer);
  timer = setTimeout(look, now !== null && now !== 'unreached' && now.status === 'ok' ? EVERY_MS : TROUBLED_EVERY_MS);
  if (document.visibilityState === 'hidden') return;
  void ask().then((health) => {
    now = health;
    for (const listener of listeners) listener();
  });
}

async function ask(): Promise<HealthNow> {
  try {
    // a server in trouble answers 503 with the same body
    return Health.parse(await (await fetch('/api/v1/health')).json());
  } catch {
    return 'unreached';
  }
}
