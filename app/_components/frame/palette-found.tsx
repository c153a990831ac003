'use client';
import { Bot } from 'lucide-react';
import { bare, termOf } from '@/lib/core/search/edit';
import { Facets } from '@/lib/schemas/browser/events';
import { FindingPage } from '@/lib/schemas/findings';
import { useJson } from '../api/use-json';
import { formatNoun } from '../format/number';
import { useNow } from '../time/zone';
import { LEVEL_LOOK } from '../verdict/levels';
import { Choice, Group, useSettledText } from './palette-parts';

type Props = { text: string; go: (href: string) => () => void };
/** How long after the last letter agents are looked for, among records of how many days, and how many are shown. */
const AGENTS = { waitMs: 250, days: 90, most: '6' };
const DAY_MS = 86_400_000;

/** Agents with what is written in their name, and their records. */
export function Agents({ text, go }: Props) {
  const settled = useSettledText(text, AGENTS.waitMs);
  const day = Math.floor(useNow() / DAY_MS) + 1;
  const query = new URLSearchParams({
    q: `agent:*${bare(settled)}*`,
    fields: 'agent',
    limit: AGENTS.most,
    from: new Date((day - AGENTS.days) * DAY_MS).toISOString(),
    to: new Date(day * DAY_MS).toISOString(),
  });
  const found = useJson(Facets, settled === '' ? null : `/api/v1/events/facets?${query}`);
  const agents = found.state === 'ready' ? (found.value.facets[0]?.values ?? []) : [];
  if (text === '' || agents.length === 0) return null;
  return (
    <Group heading="Agents">
      {agents.map(({ value, count }) => (
        <Choice
          key={value}
          value={`agent ${value}`}
          onSelect={go(`/events?${new URLSearchParams({ q: termOf('agent', value), period: '90d' })}`)}
          icon={<Bot size={15} />}
          aside={formatNoun(count, 'record')}
        >
          {value}
        </Choice>
      ))}
    </Group>
  );
}

/** Of the newest findings those that are called so. */
export function Findings({ text, go }: Props) {
  const found = useJson(FindingPage, text === '' ? null : '/api/v1/findings?limit=50');
  const findings = found.state === 'ready' ? found.value.items : [];
  if (findings.length === 0) return null;
  return (
    <Group heading="Findings">
      {findings.map(({ id, title, level, status }) => {
        const { icon: Icon, tone } = LEVEL_LOOK[level];
        return (
          <Choice
            key={id}
            value={`finding ${title} ${id}`}
            onSelect={go(`/findings?status=${status}&finding=${id}`)}
            icon={<Icon size={15} />}
            tone={tone}
            aside={status}
          >
            {title}
          </Choice>
        );
      })}
    </Group>
  );
}
