import { Check } from '@/app/_components/ui/check';
import { Labelled, inputClass } from '@/app/_components/ui/field';
import { linesOf } from '@/app/_components/ui/lines-of';
import { LEVELS, LEVEL_LOOK } from '@/app/_components/verdict/levels';
import type { NotificationFilter } from '@/lib/schemas/notifications';
import { EVENTS } from './words';

export type NamedRule = { id: string; title: string };
const AT_FIRST: NotificationFilter = {
  events: ['finding.new', 'verdict.bad', 'job.stuck'],
  minLevel: 'high',
  ruleIds: [],
  chains: [],
};

/** What a destination is told of. */
export function FilterFields({
  filter = AT_FIRST,
  rules,
}: {
  filter?: NotificationFilter | undefined;
  rules: readonly NamedRule[];
}) {
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-xs font-medium text-muted">Told of</legend>
        <div className="grid sm:grid-cols-2">
          {EVENTS.map(([event, label]) => (
            <Check key={event} name="events" value={event} label={label} isChosen={filter.events.includes(event)} />
          ))}
        </div>
      </fieldset>
      <Labelled label="Findings of this level or a worse one">
        <select name="minLevel" defaultValue={filter.minLevel} className={inputClass}>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {LEVEL_LOOK[level].word}
            </option>
          ))}
        </select>
      </Labelled>
      <details className="rounded-md border px-2.5" open={filter.ruleIds.length > 0}>
        <summary className="min-h-8 cursor-pointer text-xs leading-8 font-medium text-muted">
          Only findings of some rules
        </summary>
        <fieldset className="max-h-48 overflow-y-auto pb-2">
          <legend className="sr-only">Rules</legend>
          {rules.map(({ id, title }) => (
            <Check key={id} name="ruleIds" value={id} label={title} isChosen={filter.ruleIds.includes(id)} />
          ))}
        </fieldset>
      </details>
      <Labelled label="Only chains of these names, one a line; * is any text, ? one character">
        <textarea
          name="chains"
          rows={2}
          spellCheck={false}
          defaultValue={filter.chains.join('\n')}
          placeholder="all chains"
          className="w-full rounded-md border border-edge bg-surface px-2.5 py-2 font-mono text-xs placeholder:text-faint"
        />
      </Labelled>
    </>
  );
}

/** What the fields say. @throws when nothing is chosen. */
export function filterOf(all: FormData) {
  const events = all.getAll('events');
  if (events.length === 0) throw new Error('Choose at least one thing it is told of.');
  return {
    events,
    minLevel: all.get('minLevel'),
    ruleIds: all.getAll('ruleIds'),
    chains: listedIn(all.get('chains')),
  };
}

/** One a line, or with commas between them. */
export function listedIn(value: FormDataEntryValue | null): string[] {
  return linesOf(value, /[\n,]/);
}
