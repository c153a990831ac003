'use client';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatCompact } from '@/app/_components/format/number';
import { DECISIONS } from '@/lib/core/event/decisions';
import type { Completion } from '@/lib/core/search/complete';
import { bare, quoted } from '@/lib/core/search/edit';
import { Facets } from '@/lib/schemas/browser/events';
import { type Asked, eventsPath, within } from './asked';

/** `text` takes the place of what is being written. */
export type Proposal = { text: string; label: string; aside: string };
const WAIT_MS = 120;

/** Fields from the list at once; values as records of the period have them. */
export function useProposals(completion: Completion | null, { from, to, chain }: Asked): Proposal[] {
  const [values, setValues] = useState<{ of: string; proposals: Proposal[] }>({ of: '', proposals: [] });
  const wanted =
    completion?.kind === 'value' && completion.field.type !== 'decision'
      ? { name: completion.field.names[0] ?? '', begins: completion.begins }
      : null;
  const of = wanted ? `${wanted.name} ${wanted.begins}` : '';
  const [name, begins] = [wanted?.name ?? '', wanted?.begins ?? ''];
  useEffect(() => {
    if (of === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const q = begins === '' ? `${name}:*` : `${name}:${bare(begins)}*`;
      api(Facets, eventsPath('/facets', within(q, { from, to, chain }), { fields: name, limit: '12' }), {
        signal: abort.signal,
      }).then(
        ({ facets: [facet] }) =>
          setValues({
            of,
            proposals: (facet?.values ?? []).map((one) => valueProposal(one.name ?? one.value, one.count)),
          }),
        () => undefined, // nothing is proposed, and what is written can be searched for
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [of, name, begins, from, to, chain]);
  if (completion === null) return [];
  if (completion.kind === 'field')
    return completion.fields.map(({ names: [first = ''], label, about }) => ({
      text: `${first}:`,
      label: first,
      aside: about || label,
    }));
  if (completion.field.type === 'decision')
    return DECISIONS.filter((one) => one.startsWith(completion.begins.toLowerCase())).map((one) => ({
      text: `${one} `,
      label: one,
      aside: '',
    }));
  return values.of === of ? values.proposals : [];
}

function valueProposal(value: string, count: number): Proposal {
  return { text: `${quoted(value)} `, label: value, aside: formatCompact(count) };
}
