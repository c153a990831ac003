'use client';
import { Only } from '@/app/_components/access/role';
import { clsx } from 'clsx';
import { sayGroup } from '@/app/_components/format/group';
import { Time } from '@/app/_components/time/time';
import { VERDICT_WORDS } from '@/app/_components/triage/words';
import { LevelMark } from '@/app/_components/verdict/levels';
import type { Finding } from '@/lib/schemas/findings';

type Props = { finding: Finding; current: boolean; selected: boolean; onOpen: () => void; onSelect: () => void };

export function QueueItem({ finding, current, selected, onOpen, onSelect }: Props) {
  const group = sayGroup(finding.group);
  return (
    <li
      data-finding={finding.id}
      className={clsx('flex gap-1 py-1.5 pr-3 pl-2', current ? 'bg-chosen' : 'hover:bg-hover')}
    >
      <Only need="analyst">
        {' '}
        <label className="grid size-7 shrink-0 cursor-pointer place-items-center">
          <input
            type="checkbox"
            checked={selected}
            onChange={onSelect}
            aria-label={`Select ${finding.title}, ${group}`}
            className="size-3.5 accent-ink"
          />
        </label>
      </Only>{' '}
      <button
        type="button"
        onClick={onOpen}
        aria-current={current ? 'true' : undefined}
        className="min-w-0 flex-1 py-1 text-left"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium" title={finding.title}>
            {finding.title}
          </span>
          {finding.evidence === 'does_not_hold' && finding.measures.kind !== 'evidence' && (
            <span className="shrink-0 text-xs text-v-tampered">evidence does not hold</span>
          )}
        </span>
        <span className="mt-0.5 flex items-center gap-2 text-xs text-muted">
          <LevelMark level={finding.level} />
          <span className="min-w-0 flex-1 truncate">{group}</span>
          {finding.verdict && <span className="shrink-0">{VERDICT_WORDS[finding.verdict]}</span>}
          {finding.assignee && (
            <span className="max-w-24 shrink-0 truncate" title={`Assigned to ${finding.assignee.name}`}>
              {finding.assignee.name}
            </span>
          )}
          <Time at={finding.windowFrom} as="short" className="shrink-0 text-faint" />
        </span>
      </button>
    </li>
  );
}
