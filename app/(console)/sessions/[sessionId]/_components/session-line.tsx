'use client';
import { useRouter } from 'next/navigation';
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { type RefObject, Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { sayError } from '@/app/_components/api/request-error';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import type { Session } from '@/lib/schemas/sessions';
import { citedBy } from './cited';
import { LineFilters } from './line-filters';
import { LineList } from './line-list';
import { PrintedSteps } from './printed-steps';
import { BY, ONLY, type Shown, keyOf, placeOfStep, useLine } from './use-line';

const StepPanel = lazy(() => import('./step-panel').then((parts) => ({ default: parts.StepPanel })));

const PARAMS = {
  step: parseAsString,
  only: parseAsArrayOf(parseAsStringLiteral(ONLY)).withDefault([]),
  by: parseAsStringLiteral(BY),
};

/** Every step of the session in order. The address says which are shown, and at which one it opens. */
export function SessionLine({ session, chain }: { session: Session; chain: string | null }) {
  const router = useRouter();
  const [{ step, only, by }, setParams] = useQueryStates(PARAMS, { history: 'replace' });
  const follows = session.chains.some(({ isOpen }) => isOpen);
  const ways = only.join(',');
  const shown = useMemo(
    () => ({ id: session.id, chain, only: ONLY.filter((way) => ways.split(',').includes(way)) }),
    [session.id, chain, ways],
  );
  const line = useLine(shown, by, follows, () => router.refresh());
  const [opened, setOpened] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  if (opened && !wasOpened) setWasOpened(true);
  const own = useRef<string | null>(null);
  const place = usePlace(shown, step, line.isReady, own);
  const cited = useMemo(() => citedBy(session), [session]);
  const choose = useCallback(
    (next: string, open: boolean) => {
      own.current = next;
      void setParams({ step: next });
      if (open) setOpened(true);
    },
    [setParams],
  );
  const { groups, error, retry } = line;
  return (
    <section id="steps" aria-label="Steps" className="scroll-mt-14 print:order-last">
      <div className="card overflow-hidden print:hidden">
        <LineFilters
          session={session}
          only={only}
          onChange={(next) => void setParams({ only: next.length > 0 ? next : null })}
          by={groups?.hasTurns ? (groups.groupSeconds === null ? 'turn' : 'minute') : null}
          onGroup={(next) => void setParams({ by: next })}
        />
        <LineList line={line} place={place} chosen={step} cited={cited} onChoose={choose} />
        <div aria-live="polite" className="flex min-h-9 items-center border-t px-4 text-xs text-muted tabular">
          {error !== null && error !== undefined ? (
            <span className="text-v-tampered">
              Steps could not be read. {sayError(error)}{' '}
              <button type="button" className="link" onClick={retry}>
                Try again
              </button>
            </span>
          ) : groups ? (
            `${formatNoun(groups.total, 'step')}${only.length > 0 ? ` of ${formatCount(session.records)}` : ''}, ${groups.groupSeconds === null ? 'by turn' : (GROUPED[groups.groupSeconds] ?? 'by the year')}`
          ) : (
            'Reading…'
          )}
        </div>
      </div>
      <PrintedSteps line={line} cited={cited} />
      {wasOpened && (
        <Suspense>
          <StepPanel
            open={opened}
            step={step}
            line={line}
            onMove={(position) => {
              const next = line.steps.get(position);
              if (next) choose(keyOf(next), false);
            }}
            onClose={() => setOpened(false)}
          />
        </Suspense>
      )}
    </section>
  );
}

/** How long the groups are that steps are told in. */
const GROUPED: Readonly<Record<number, string>> = {
  60: 'by the minute',
  300: 'by five minutes',
  900: 'by the quarter of an hour',
  3_600: 'by the hour',
  21_600: 'by six hours',
  86_400: 'by the day',
  604_800: 'by the week',
  2_592_000: 'by thirty days',
};

/**
 * Where the step of the address stands, once there is a line; null while that is not known, or when it is of no session. What is chosen on the
 * line, which `own` names, is in view already: only an address that is opened, a link, or another filter moves it.
 */
function usePlace(shown: Shown, step: string | null, isReady: boolean, own: RefObject<string | null>) {
  const [place, setPlace] = useState<{ position: number; key: string } | null>(null);
  const placedIn = useRef<Shown | null>(null);
  useEffect(() => {
    if (!isReady || step === null) return;
    const isInView = own.current === step && placedIn.current === shown;
    placedIn.current = shown;
    if (isInView) return;
    const abort = new AbortController();
    placeOfStep(shown, step, abort.signal).then(setPlace, () => setPlace(null)); // the line is shown from its beginning then
    return () => abort.abort();
  }, [shown, step, isReady, own]);
  return place;
}
