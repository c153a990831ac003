'use client';
import { useEffect } from 'react';
import type { Health } from '@/lib/schemas/settings';
import { giveHealth } from './use-health';

/** How the server is as it sends the page, for everything on it that shows it. */
export function HealthGiven({ health }: { health: Health }) {
  useEffect(() => giveHealth(health), [health]);
  return null;
}
