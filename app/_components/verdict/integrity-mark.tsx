import { PROBLEM_VERDICT } from '@/lib/core/chain/problem';
import type { ChainRecord } from '@/lib/schemas/chains';
import { SealCheck } from './icons';
import { PROBLEM_TITLES } from './problem-titles';
import { VERDICT_LOOK } from './verdicts';

/** Whether one record holds: an icon with its words on hover and for screen readers. */
export function IntegrityMark({ integrity }: { integrity: ChainRecord['integrity'] }) {
  if (integrity === 'ok') {
    return (
      <span title="Holds" className="text-v-verified">
        <SealCheck size={15} />
        <span className="sr-only">Holds</span>
      </span>
    );
  }
  const { icon: Icon, tone } = VERDICT_LOOK[integrity === 'damaged' ? integrity : PROBLEM_VERDICT[integrity]];
  const title = integrityWord(integrity);
  return (
    <span title={title} style={{ color: tone }}>
      <Icon size={15} />
      <span className="sr-only">{title}</span>
    </span>
  );
}

/** The same in words. */
export function integrityWord(integrity: ChainRecord['integrity']): string {
  if (integrity === 'ok') return 'Holds';
  return integrity === 'damaged' ? VERDICT_LOOK.damaged.word : PROBLEM_TITLES[integrity];
}
