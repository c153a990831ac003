import { ChevronDown, ChevronUp, ChevronsUp, Equal, Info, type LucideIcon } from 'lucide-react';
import type { Level } from '@/lib/schemas/common';

export const LEVEL_LOOK: Record<Level, { word: string; tone: string; icon: LucideIcon }> = {
  critical: { word: 'Critical', tone: 'var(--color-l-critical)', icon: ChevronsUp },
  high: { word: 'High', tone: 'var(--color-l-high)', icon: ChevronUp },
  medium: { word: 'Medium', tone: 'var(--color-l-medium)', icon: Equal },
  low: { word: 'Low', tone: 'var(--color-l-low)', icon: ChevronDown },
  informational: { word: 'Info', tone: 'var(--color-l-informational)', icon: Info },
};
/** Most urgent first. */
export const LEVELS = Object.keys(LEVEL_LOOK) as Level[]; // keys of a literal we own

/** A level as icon, word and colour. */
export function LevelMark({ level }: { level: Level }) {
  const { word, tone, icon: Icon } = LEVEL_LOOK[level];
  return (
    <span style={{ color: tone }} className="inline-flex items-baseline gap-1 font-medium whitespace-nowrap">
      <Icon size={14} className="shrink-0 self-center" aria-hidden />
      {word}
    </span>
  );
}
