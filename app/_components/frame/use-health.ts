'use client';
import { useSyncExternalStore } from 'react';
import type { Health } from '@/lib/schemas/settings';

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

/** How the server was when it sent the page: the next time is asked when that has aged. */
export function giveHealth(health: Health): void {
  if (now !== null) return;
  now = health;
  for (const listener of listeners) listener();
  if (timer) clearTimeout(timer);
  timer = setTimeout(look, pauseMs());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener('visibilitychange', look);
    timer = setTimeout(look, pauseMs());
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

function pauseMs(): number {
  return now !== null && now !== 'unreached' && now.status === 'ok' ? EVERY_MS : TROUBLED_EVERY_MS;
}

function look(): void {
  if (timer) clearTimeout(timer);
  timer = setTimeout(look, pauseMs());
  if (document.visibilityState === 'hidden') return;
  void ask().then((health) => {
    now = health;
    for (const listener of listeners) listener();
  });
}

async function ask(): Promise<HealthNow> {
  try {
    // the page came with the first answer: what reads the next ones is loaded by then
    return await (await import('./ask-health')).askHealth();
  } catch {
    return 'unreached';
  }
}
