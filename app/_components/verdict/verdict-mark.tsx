import { clsx } from 'clsx';
import type { ChainVerdict } from '@/lib/core/chain/verdict';
import { VERDICT_LOOK } from './verdicts';

/** A verdict as icon, word and colour. `damaged`: it was signed over bytes of which some are gone or altered now. */
export function VerdictMark({
  verdict,
  size = 'sm',
  damaged = false,
  className,
}: {
  verdict: ChainVerdict;
  size?: 'sm' | 'lg';
  damaged?: boolean;
  className?: string;
}) {
  if (damaged) {
    return (
      <>
        <VerdictMark verdict={verdict} size={size} {...(className && { className })} />{' '}
        <span className="font-medium text-v-tampered">(stored bytes damaged)</span>
      </>
    );
  }
  const { word, meaning, icon: Icon, tone } = VERDICT_LOOK[verdict];
  return (
    <span
      title={meaning}
      style={{ color: tone }}
      className={clsx(
        'inline-flex items-baseline gap-1.5 font-medium whitespace-nowrap',
        size === 'lg' && 'text-lg',
        className,
      )}
    >
      <Icon size={size === 'lg' ? 20 : 15} className="shrink-0 self-center" />
      {word}
    </span>
  );
}
