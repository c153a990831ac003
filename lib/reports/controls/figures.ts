import 'server-only';
import { listKeys } from '../../attest/keys';
import { publishedCheckpoint } from '../../attest/log/serve';
import type { Context } from '../../context';
import { CHAIN_VERDICTS } from '../../core/chain/verdict';
import { DECISIONS, type Decision } from '../../core/event/fields';
import { FINDING_STATUSES } from '../../core/findings/finding';
import { countOf } from '../../detect/query/findings';
import { looksIn } from '../../detect/query/looks';
import { evidenceState } from '../../integrity/evidence-state';
import { oldestDay } from '../../lake/query/oldest-day';
import { reportedIn } from '../../lake/query/reported';
import type { Period } from '../../schemas/common';
import type { ControlFigure, FigureId, FigurePart } from '../../schemas/controls';
import { countDamaged } from '../../schemas/evidence';
import type { Bucket } from '../../schemas/reports';
import { triageTimes } from '../../triage/times';
import { bucketsOf, stepOf } from '../buckets';
import { chainsOfPeriod } from '../chains-of-period';

/** What a figure is besides its values. */
type Declared = Pick<ControlFigure, 'label' | 'counts' | 'strength' | 'of' | 'unit'>;
type Read = Pick<ControlFigure, 'value' | 'href' | 'parts'> & { total?: number };
type Figure = Declared & { read(sources: Sources): Promise<Read> };

/** What figures are read from, each read once and only when a figure asks for it. */
type Sources = ReturnType<typeof sourcesOf>;
export function sourcesOf(ctx: Context, period: Period) {
  const once = <T>(read: () => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => (made ??= read());
  };
  const stepSeconds = stepOf(period);
  return {
    ctx,
    period,
    stepSeconds,
    reported: once(() => reportedIn(ctx, { period, stepSeconds, mostTools: 1 })),
    chains: once(() => chainsOfPeriod(ctx, period)),
    times: once(() => triageTimes(ctx, period)),
  };
}

/** Every figure a control may name. */
export const FIGURES: Readonly<Record<FigureId, Figure>> = {
  'records-recorded': {
    label: 'Records',
    counts: 'Records that state a time in the period, by the guardrail’s decision.',
    strength: 'stated',
    of: 'period',
    unit: 'records',
    async read({ reported, period }) {
      const { steps } = await reported();
      return recordsRecorded(
        steps.map(({ decision, records }) => [decision, records]),
        period,
      );
    },
  },
  'accesses-denied': {
    label: 'Denied accesses',
    counts: 'Records of the period that the guardrail decided to deny.',
    strength: 'stated',
    of: 'period',
    unit: 'records',
    async read({ reported, period }) {
      return accessesDenied((await reported()).totals.denied, period);
    },
  },
  'time-covered': {
    label: 'Time covered',
    counts:
      'Steps of the period that have a record, of those that have begun. A step without one is a pause or a gap: sequence and links of each chain tell which.',
    strength: 'stated',
    of: 'period',
    unit: 'steps',
    async read({ ctx, reported, period, stepSeconds }) {
      const buckets = bucketsOf(period, stepSeconds, (await reported()).steps);
      return timeCovered(buckets, { period, stepSeconds, now: ctx.now() });
    },
  },
  'oldest-day': {
    label: 'Oldest record held',
    counts: 'The first day, in UTC, that a record held here states: how far back retention reaches.',
    strength: 'stated',
    of: 'now',
    unit: 'instant',
    async read({ ctx }) {
      const day = await oldestDay(ctx);
      const at = day === null ? null : `${day}T00:00:00Z`;
      const end = new Date((at === null ? 0 : Date.parse(at)) + DAY_MS).toISOString();
      const href = eventsHref({ from: '1970-01-01T00:00:00Z', to: end }, { sort: 'recorded_at' });
      const held = at === null ? null : Math.max(0, Math.floor((ctx.now().getTime() - Date.parse(at)) / 1000));
      return { value: at, href, parts: [{ label: 'time since then', unit: 'seconds', value: held, href }] };
    },
  },
  'chains-by-verdict': {
    label: 'Chains by verdict',
    counts: 'Chains with records in the period, by the verdict on the whole chain as it stands.',
    strength: 'recomputable',
    of: 'period',
    unit: 'chains',
    async read({ chains, period }) {
      const all = await chains();
      const href = csvHref('integrity', period);
      return {
        value: all.length,
        href,
        parts: CHAIN_VERDICTS.flatMap((verdict) => {
          const value = all.filter((chain) => chain.verdict === verdict).length;
          return value === 0 ? [] : [{ label: verdict, unit: 'chains', value, href }];
        }),
      };
    },
  },
  'records-attested': {
    label: 'Records attested',
    counts: 'Records of the period under a signed attestation of their chain as it stands.',
    strength: 'signed',
    of: 'period',
    unit: 'records',
    async read({ chains, period }) {
      const all = await chains();
      const attested = sum(all.map((chain) => chain.attested));
      const href = csvHref('integrity', period);
      const total = sum(all.map(({ records }) => records));
      const value = total - attested;
      return { value: attested, total, href, parts: [{ label: 'not attested', unit: 'records', value, href }] };
    },
  },
  'clock-steps': {
    label: 'Clock steps',
    counts: 'Places where the time goes back by a second or more, in the whole chains that have records in the period.',
    strength: 'recomputable',
    of: 'period',
    unit: 'steps',
    async read({ chains, period }) {
      const all = await chains();
      const href = csvHref('integrity', period);
      const with1 = all.filter(({ timeSteps }) => timeSteps !== null && timeSteps > 0).length;
      return {
        value: sum(all.map(({ timeSteps }) => timeSteps ?? 0)),
        href,
        parts: [
          { label: 'chains with such a step', unit: 'chains', value: with1, href },
          {
            label: 'chains not checked for it yet',
            unit: 'chains',
            value: all.filter(({ timeSteps }) => timeSteps === null).length,
            href,
          },
        ],
      };
    },
  },
  'stored-evidence': {
    label: 'Damaged evidence',
    counts: 'Stored objects that do not read back as what was received.',
    strength: 'kept',
    of: 'now',
    unit: 'objects',
    async read({ ctx }) {
      const state = await evidenceState(ctx);
      const href = '/api/v1/health';
      return {
        value: countDamaged(state),
        href,
        parts: [
          { label: 'read back in the last full pass', unit: 'objects', value: state.lastPass?.objects ?? null, href },
          { label: 'end of that pass', unit: 'instant', value: state.lastPass?.endedAt ?? null, href },
        ],
      };
    },
  },
  'log-head': {
    label: 'Head of the transparency log',
    counts: 'Entries under the newest published head of this installation’s own log of attestations and keys.',
    strength: 'signed',
    of: 'now',
    unit: 'entries',
    async read({ ctx }) {
      const head = await publishedCheckpoint(ctx);
      return { value: head?.size ?? 0, href: '/tlog/checkpoint', parts: [] };
    },
  },
  'signing-keys': {
    label: 'Signing keys',
    counts: 'Keys that statements are signed with now; those of before are kept so that old signatures can be checked.',
    strength: 'kept',
    of: 'now',
    unit: 'keys',
    async read({ ctx }) {
      const keys = await listKeys(ctx);
      const used = keys.filter(({ retiredAt }) => retiredAt === null).length;
      const href = '/api/v1/signing-keys';
      return { value: used, href, parts: [{ label: 'retired', unit: 'keys', value: keys.length - used, href }] };
    },
  },
  'rule-looks': {
    label: 'Rule looks',
    counts: 'How often rules looked in the period at what was new, those looks that found nothing counted too.',
    strength: 'kept',
    of: 'period',
    unit: 'looks',
    async read({ ctx, period }) {
      const { looks, ran, ranWithoutFinding, unable, failed } = await looksIn(ctx.db, period);
      const href = csvHref('rule-looks', period);
      const runs = (label: string, value: number) => ({ label, unit: 'runs' as const, value, href });
      return {
        value: looks,
        href,
        parts: [
          runs('runs of a rule over its records', ran),
          runs('of these, runs that found nothing', ranWithoutFinding),
          runs('too few records for any finding', unable),
          runs('runs that failed', failed),
        ],
      };
    },
  },
  'findings-by-status': {
    label: 'Findings by status',
    counts: 'Findings that stand whose window lies in the period or reaches into it.',
    strength: 'kept',
    of: 'period',
    unit: 'findings',
    async read({ ctx, period }) {
      const filed = (more: Record<string, string>) => `/api/v1/findings.csv?${addressOf({ ...more, ...period })}`;
      const [hidden, ...counts] = await Promise.all([
        countOf(ctx.db, { ...period, suppressed: 'only' }),
        ...FINDING_STATUSES.map((status) => countOf(ctx.db, { ...period, status: [status] })),
      ]);
      const parts: FigurePart[] = FINDING_STATUSES.map((status, at) => ({
        label: status.replaceAll('_', ' '),
        unit: 'findings',
        value: counts[at] ?? 0,
        href: `/findings?${addressOf({ status, ...period })}`,
      }));
      parts.push({
        label: 'hidden by suppressions',
        unit: 'findings',
        value: hidden,
        href: filed({ suppressed: 'only' }),
      });
      return { value: hidden + sum(counts), href: filed({ suppressed: 'with' }), parts };
    },
  },
  'time-to-acknowledge': {
    label: 'Time to acknowledge',
    counts: 'The median time until somebody took up a finding that was found in the period, over those taken up.',
    strength: 'kept',
    of: 'period',
    unit: 'seconds',
    read: (sources) => waited(sources, 'acknowledged'),
  },
  'time-to-decide': {
    label: 'Time to resolve',
    counts:
      'The median time until a finding that was found in the period was resolved or closed, over those that are so.',
    strength: 'kept',
    of: 'period',
    unit: 'seconds',
    read: (sources) => waited(sources, 'decided'),
  },
};

async function waited({ times, period: { from, to } }: Sources, until: 'acknowledged' | 'decided'): Promise<Read> {
  const { found, [until]: over } = await times();
  const href = `/api/v1/findings.csv?${addressOf({ foundFrom: from, foundTo: to })}`;
  return {
    value: over.medianSeconds,
    href,
    parts: [
      { label: 'mean', unit: 'seconds', value: over.meanSeconds, href },
      { label: until, unit: 'findings', value: over.findings, href },
      { label: 'not yet', unit: 'findings', value: found - over.findings, href },
    ],
  };
}

const DAY_MS = 86_400_000;

/** Records by decision, in all and each. */
export function recordsRecorded(counts: readonly (readonly [Decision, number])[], period: Period): Read {
  return {
    value: sum(counts.map(([, records]) => records)),
    href: eventsHref(period),
    parts: DECISIONS.flatMap((decision) => {
      const value = sum(counts.map(([of, records]) => (of === decision ? records : 0)));
      const href = eventsHref(period, { q: `decision:${decision}` });
      return value === 0 ? [] : [{ label: decision, unit: 'records', value, href }];
    }),
  };
}

export function accessesDenied(denied: number, period: Period): Read {
  return { value: denied, href: eventsHref(period, { q: 'decision:deny' }), parts: [] };
}

/** Of the steps that have begun by then. */
export function timeCovered(
  buckets: readonly Bucket[],
  { period, stepSeconds, now }: { period: Period; stepSeconds: number; now: Date },
): Read {
  const begun = buckets.filter(({ at }) => Date.parse(at) <= now.getTime());
  const full = begun.filter(hasRecords);
  const href = eventsHref(period);
  const part = (label: string, unit: FigurePart['unit'], value: FigurePart['value']) => ({ label, unit, value, href });
  return {
    value: full.length,
    total: begun.length,
    href,
    parts: [
      part('steps without a record', 'steps', begun.length - full.length),
      part('length of a step', 'seconds', stepSeconds),
      part('first step with a record', 'instant', full[0]?.at ?? null),
      part('last step with a record', 'instant', full.at(-1)?.at ?? null),
      part('longest run of steps without a record', 'seconds', longestEmpty(begun) * stepSeconds),
    ],
  };
}

function hasRecords({ counts }: Bucket): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/** The most steps in a row without a record. */
function longestEmpty(buckets: readonly Bucket[]): number {
  let [longest, run] = [0, 0];
  for (const bucket of buckets) {
    run = hasRecords(bucket) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function eventsHref(period: Period, more: Readonly<Record<string, string>> = {}): string {
  return `/events?${addressOf({ ...more, ...period })}`;
}

function csvHref(kind: 'integrity' | 'rule-looks', period: Period): string {
  return `/api/v1/reports/${kind}.csv?${addressOf(period)}`;
}

function addressOf(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(values).toString();
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
