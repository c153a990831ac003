import type { Decision } from '@/lib/core/event/fields';

/** Word and colour of every decision, in stacking order. One palette for every chart, table and legend. */
export const DECISION_LOOK: Record<Decision, { word: string; tone: string }> = {
  allow: { word: 'Allow', tone: 'var(--color-d-allow)' },
  local: { word: 'Local', tone: 'var(--color-d-local)' },
  transform: { word: 'Transform', tone: 'var(--color-d-transform)' },
  ask: { word: 'Ask', tone: 'var(--color-d-ask)' },
  deny: { word: 'Deny', tone: 'var(--color-d-deny)' },
  error: { word: 'Error', tone: 'var(--color-d-error)' },
  info: { word: 'Info', tone: 'var(--color-d-info)' },
};
export const DECISION_ORDER = Object.keys(DECISION_LOOK) as Decision[]; // keys of a literal we own
