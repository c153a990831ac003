import { Link } from '@/app/_components/ui/link';
import { formatCount, formatMeasure, formatNoun } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import type { Context } from '@/lib/context';
import { MEASURED } from '@/lib/core/rules/kinds/measures';
import { timespanMs } from '@/lib/core/rules/kinds/section';
import type { Page } from '@/lib/schemas/common';
import { type EvidenceRecord, EvidenceSort, type FindingDetail } from '@/lib/schemas/findings';
import { sessionHref } from '@/lib/schemas/session-address';
import { findingEvidence, toldOf } from '@/lib/triage/evidence';
import { findingWindow } from '@/lib/triage/finding-window';
import { pageOf } from '../found';
import { findingSentence } from './sentence';
import { Evidence } from './_components/evidence';
import { formatHistory, lengthWords } from './baseline-words';
import { FindingChart, type Pace } from './_components/finding-chart';

/** Sessions that are named. */
const MOST_SESSIONS = 3;
const PAGE = 100;

/** What happened in a finding, as its records tell it: a sentence, the chart of its window, the sessions around it and the records themselves. */
export async function Story({
  ctx,
  finding,
  here,
}: {
  ctx: Context;
  finding: FindingDetail;
  /** The page's own address, as far as its parameters go. */
  here: string;
}) {
  const asked = new URLSearchParams(here);
  const sort = EvidenceSort.safeParse(asked.get('order')).data ?? 'time';
  const read = await readAll(ctx, finding, { sort, cursor: asked.get('records') ?? undefined });
  if (!read) return <Evidence finding={finding} evidence={placesOf(finding)} isRead={false} sort="time" here={here} />;
  const { told, window, evidence } = read;
  const sentence = findingSentence({ ...finding, lastedMs: lastedMsOf(finding) }, told);
  return (
    <>
      <Card title="What happened">
        {sentence && <p className="mb-3 max-w-[72ch] text-base [overflow-wrap:anywhere]">{sentence}</p>}
        {window && (
          <FindingChart
            level={finding.level}
            measured={measuredWords(finding)}
            paces={pacesOf(finding)}
            window={window}
          />
        )}
        <Sessions told={told} />
      </Card>
      <Evidence finding={finding} evidence={evidence} isRead sort={sort} here={here} />
    </>
  );
}

/** Null while the lake does not answer: what is decided about a finding does not wait for it. */
async function readAll(
  ctx: Context,
  finding: FindingDetail,
  { sort, cursor }: { sort: EvidenceSort; cursor: string | undefined },
) {
  try {
    const [told, window, evidence] = await Promise.all([
      toldOf(ctx, finding),
      findingWindow(ctx, finding),
      pageOf((at) => findingEvidence(ctx, { findingId: finding.id, sort, cursor: at, limit: PAGE }), cursor),
    ]);
    return { told, window, evidence };
  } catch (error) {
    ctx.log.warn({ err: error, findingId: finding.id }, 'the records of a finding were not read');
    return null;
  }
}

function placesOf({ records, chains }: FindingDetail): Page<EvidenceRecord> {
  const names = new Map(chains.map(({ id, name }) => [id, name]));
  const items = records
    .slice(0, PAGE)
    .map((place) => ({ ...place, chainName: names.get(place.chainId) ?? '', record: null, attestationId: null }));
  return { items, nextCursor: null };
}

/** What the rule measured at most, and what that is compared with. */
function measuredWords({ measures }: FindingDetail): string | null {
  if (measures.kind === 'evidence') return null;
  return `${MEASURED[measures.kind]} in ${measures.timespan}: ${formatMeasure(measures.count)}, threshold ${formatMeasure(measures.threshold)}`;
}

/** What the rule compares the number of records with, spread evenly; none of a rule that measures something else. */
function pacesOf({ measures }: FindingDetail): Pace[] {
  if (measures.kind === 'evidence') return [];
  const { kind, baseline, threshold, timespan } = measures;
  if ((baseline ? baseline.of : kind) !== 'event_count') return [];
  const perSecond = (count: number) => count / (timespanMs(timespan) / 1000);
  const words = (count: string) => `${count} in ${lengthWords(timespan)}`;
  const perWindow = baseline?.perWindow ?? 0;
  return [
    { is: 'threshold', words: `threshold, ${words(formatMeasure(threshold))}`, perSecond: perSecond(threshold) },
    ...(perWindow > 0
      ? [
          {
            is: 'history' as const,
            words: `its history, ${words(formatHistory(perWindow))}`,
            perSecond: perSecond(perWindow),
          },
        ]
      : []),
  ];
}

/** From the first record to the last. */
function lastedMsOf({ records, recordCount, windowFrom, windowTo }: FindingDetail): number {
  const [first, last] = [records[0], records.at(-1)];
  return records.length === recordCount && first && last
    ? Date.parse(last.recordedAt) - Date.parse(first.recordedAt)
    : Date.parse(windowTo) - Date.parse(windowFrom);
}

/** The sessions the records are of, each at the first of them. */
function Sessions({ told }: { told: Awaited<ReturnType<typeof toldOf>> }) {
  const sessions = [...Map.groupBy(told, ({ sessionId }) => sessionId)].filter(([id]) => id !== '');
  if (sessions.length === 0) return null;
  return (
    <ul className="mt-3">
      {sessions.slice(0, MOST_SESSIONS).map(([id, records]) => {
        const href = sessionHref(id, records[0]);
        return (
          <li key={id}>
            Session{' '}
            {href ? (
              <Link className="link [overflow-wrap:anywhere]" href={href} prefetch={false}>
                {id}
              </Link>
            ) : (
              id
            )}{' '}
            <span className="text-muted">
              {records.length === told.length
                ? 'has all of these records among its steps'
                : `has ${formatNoun(records.length, 'record')} of these among its steps`}
            </span>
          </li>
        );
      })}
      {sessions.length > MOST_SESSIONS && (
        <li className="text-muted">and {formatCount(sessions.length - MOST_SESSIONS)} more sessions</li>
      )}
    </ul>
  );
}
