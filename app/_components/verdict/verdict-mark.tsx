import { clsx } from 'clsx';
import type { ChainVerdict } from '@/lib/core/chain/verdict';
import { VERDICT_LOOK } from './verdicts';

/** A verdict as icon, word and colour. */
export function VerdictMark({ verdict, size = 'sm', className }: { verdict: ChainVerdict; size?: 'sm' | 'lg'; className?: string }) {
  const { word, meaning, icon: Icon, tone } = VERDICT_LOOK[verdict];
  return (
    <span title={meaning} style={{ color: tone }} className={clsx('inline-flex items-baseline gap-1.5 font-medium whitespace-nowrap', size === 'lg' && 'text-lg', className)}>
      <Icon size={size === 'lg' ? 20 : 15} className="shrink-0 self-center" />
      {word}
    </span>
  );
}
