'use client';
import { useEffect, useId, useRef, useState } from 'react';
import { sayGroup } from '@/app/_components/format/group';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { goToPlace } from '@/app/_components/text/go-to-place';
import { Time } from '@/app/_components/time/time';
import { Labelled, inputClass } from '@/app/_components/ui/field';
import type { SuppressionPreview } from '@/lib/schemas/suppressions';
import { type Refusal, useSuppressionPreview } from './use-suppression-preview';

/** Days that can be looked back over. */
export const LOOKED_BACK = [7, 30, 90, 366] as const;
const SHOWN = 5;

type Props = {
  yaml: string;
  onChange: (yaml: string) => void;
  /** As many days as are looked back over at first. */
  days: number;
  /** Whether what is written hides nothing that is confirmed as true. */
  onHarmless: (isHarmless: boolean) => void;
};

/** The filter of a suppression, and what it would have hidden, or what is wrong with it and where. */
export function SuppressionFilter({ yaml, onChange, days: first, onHarmless }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [says, hides] = [useId(), useId()];
  const [days, setDays] = useState(first);
  const answer = useSuppressionPreview(yaml, days);
  const refusal = answer !== null && 'refusal' in answer ? answer.refusal : null;
  const isHarmless = answer !== null && 'preview' in answer && answer.preview.confirmed.length === 0;
  useEffect(() => onHarmless(isHarmless), [isHarmless, onHarmless]);
  return (
    <>
      <div>
        <Labelled label="Sigma filter">
          <textarea
            ref={area}
            name="yaml"
            required
            value={yaml}
            rows={Math.min(14, yaml.split('\n').length + 1)}
            spellCheck={false}
            aria-invalid={answer !== null && !isHarmless ? true : undefined}
            aria-describedby={`${says} ${hides}`}
            onChange={({ target }) => onChange(target.value)}
            className={`${inputClass} h-auto py-1.5 font-mono text-xs`}
          />
        </Labelled>
        <div id={says} role="status" className="mt-1 text-xs empty:hidden">
          {refusal && <Refused refusal={refusal} onGo={() => goToPlace(area.current, refusal.place)} />}
        </div>
      </div>
      <Labelled label="Preview">
        <select value={days} onChange={({ target }) => setDays(Number(target.value))} className={inputClass}>
          {LOOKED_BACK.map((each) => (
            <option key={each} value={each}>
              {each === 366 ? 'The last year' : `The last ${each} days`}
            </option>
          ))}
        </select>
      </Labelled>
      <div id={hides} role="status" aria-label="What it would have hidden" className="text-xs">
        {answer === null ? (
          <p className="text-muted">Looking at what it would have hidden…</p>
        ) : 'preview' in answer ? (
          <Previewed preview={answer.preview} />
        ) : (
          <p className="text-muted">Nothing is looked at until the filter can be read.</p>
        )}
      </div>
    </>
  );
}

function Refused({ refusal: { words, place }, onGo }: { refusal: Refusal; onGo: () => void }) {
  return (
    <p className="[overflow-wrap:anywhere] text-v-tampered">
      {place && (
        <>
          <button type="button" onClick={onGo} className="link min-h-6">
            Line {place.line}, column {place.column}
          </button>
          :{' '}
        </>
      )}
      {words}
    </p>
  );
}

function Previewed({ preview: { rules, examined, findings, items, confirmed } }: { preview: SuppressionPreview }) {
  return (
    <>
      {confirmed.length > 0 && (
        <div className="mb-2">
          <p className="text-v-tampered">
            It would hide {formatNoun(confirmed.length, 'finding')} confirmed as true. Make the filter narrower.
          </p>
          <Listed items={confirmed} total={confirmed.length} />
        </div>
      )}
      <p>
        It would have hidden <strong>{formatCount(findings)}</strong> of {formatNoun(examined, 'finding')} of{' '}
        {rules.length === 1 ? 'its rule' : 'its rules'}.
      </p>
      <Listed items={items} total={findings} />
    </>
  );
}

function Listed({ items, total }: { items: SuppressionPreview['items']; total: number }) {
  const shown = items.slice(0, SHOWN);
  return (
    <ul className="mt-1">
      {shown.map(({ id, title, group, windowFrom, recordCount, leftOut }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-2">
          <a
            className="link inline-flex min-h-6 items-center"
            href={`/findings?finding=${id}`}
            target="_blank"
            rel="noreferrer"
          >
            {title}
          </a>
          <span className="[overflow-wrap:anywhere] text-muted">{sayGroup(group)}</span>
          <Time at={windowFrom} as="short" className="text-faint" />
          <span className="text-faint">
            {formatCount(leftOut)} of {formatNoun(recordCount, 'record')} left out
          </span>
        </li>
      ))}
      {total > shown.length && <li className="text-muted">and {formatCount(total - shown.length)} more</li>}
    </ul>
  );
}
