'use client';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayGroup } from '@/app/_components/format/group';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Labelled, inputClass } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import { Suppression, type SuppressionPreview } from '@/lib/schemas/suppressions';
import { type Suppressible, suppressionText } from '@/lib/schemas/suppression-text';
import { useSuppressionPreview } from './use-suppression-preview';

const DAY_MS = 86_400_000;
const EXPIRIES = [1, 7, 30, 90, 365] as const;
const LOOKED_BACK = [7, 30, 90, 366] as const;
const SHOWN = 5;

/** Asks what hides findings and for how long, and shows what it would have hidden. */
export function SuppressDialog({
  findings,
  open,
  onClose,
  onDone,
}: {
  findings: readonly Suppressible[];
  open: boolean;
  onClose: () => void;
  onDone?: () => void;
}) {
  const [ready, setReady] = useState(false);
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Suppress"
      description="The filter leaves records out. A finding that too few are left of is kept, and hidden until this expires."
      action="Suppress"
      whileBusy="Suppressing…"
      ready={ready}
      send={async (field) => {
        const expiresAt = new Date(Date.now() + Number(field('days')) * DAY_MS).toISOString();
        const made = await api(Suppression, '/api/v1/suppressions', {
          method: 'POST',
          body: { yaml: field('yaml'), reason: field('reason'), expiresAt },
        });
        toast(`${formatNoun(made.hides, 'finding')} suppressed`, {
          description: 'Suppressions shows what is hidden, and ends it.',
        });
        onDone?.();
      }}
    >
      <Labelled label="Reason">
        <textarea
          name="reason"
          required
          autoFocus
          rows={2}
          maxLength={4000}
          placeholder="Why is this harmless?"
          className={`${inputClass} h-auto py-1.5`}
        />
      </Labelled>
      <Labelled label="Expires in">
        <select name="days" defaultValue="30" className={inputClass}>
          {EXPIRIES.map((days) => (
            <option key={days} value={days}>
              {days === 365 ? '1 year' : formatNoun(days, 'day')}
            </option>
          ))}
        </select>
      </Labelled>
      <Filter findings={findings} onReady={setReady} />
    </FormDialog>
  );
}

/** The filter, and what it would have hidden. */
function Filter({ findings, onReady }: { findings: readonly Suppressible[]; onReady: (ready: boolean) => void }) {
  const [yaml, setYaml] = useState(() => suppressionText(findings));
  const [days, setDays] = useState(() => daysBack(findings));
  const answer = useSuppressionPreview(yaml, days);
  const isReady = answer !== null && 'preview' in answer && answer.preview.confirmed.length === 0;
  useEffect(() => onReady(isReady), [isReady, onReady]);
  return (
    <>
      <Labelled label="Sigma filter">
        <textarea
          name="yaml"
          required
          value={yaml}
          rows={Math.min(14, yaml.split('\n').length)}
          spellCheck={false}
          onChange={({ target }) => setYaml(target.value)}
          className={`${inputClass} h-auto py-1.5 font-mono text-xs`}
        />
      </Labelled>
      <Labelled label="Preview">
        <select value={days} onChange={({ target }) => setDays(Number(target.value))} className={inputClass}>
          {LOOKED_BACK.map((each) => (
            <option key={each} value={each}>
              {each === 366 ? 'The last year' : `The last ${each} days`}
            </option>
          ))}
        </select>
      </Labelled>
      <div role="status" className="text-xs">
        {answer === null ? (
          <p className="text-muted">Looking at what it would have hidden…</p>
        ) : 'problem' in answer ? (
          <p className="text-v-tampered [overflow-wrap:anywhere]">{answer.problem}</p>
        ) : (
          <Previewed preview={answer.preview} />
        )}
      </div>
    </>
  );
}

/** As far back as the oldest of some findings lies. */
function daysBack(findings: readonly Suppressible[]): number {
  const oldest = Math.min(...findings.map(({ windowFrom }) => Date.parse(windowFrom)));
  return LOOKED_BACK.find((days) => Date.now() - oldest < days * DAY_MS) ?? 366;
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
          <span className="text-muted [overflow-wrap:anywhere]">{sayGroup(group)}</span>
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
