import { Link } from '@/app/_components/ui/link';
import { formatCounted } from '@/app/_components/format/counted';
import { formatCount } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { STATUSES, STATUS_WORDS } from '@/app/_components/triage/words';
import type { RuleDetail } from '@/lib/schemas/rules';
import { Fact } from '../../findings/_components/fact';
import { BackfillControl } from './backfill-control';
import { howRuleCounts, lagWords, scheduleWords } from './rule-words';

/** What a rule looks at, whether and since when it runs, and what it found. */
export function RuleFacts({ rule }: { rule: RuleDetail }) {
  const { judged } = rule;
  const facts = [
    { label: 'Looks at', value: howRuleCounts(rule) },
    { label: 'Status', value: rule.status },
    {
      label: 'From',
      value: rule.version === null ? 'Shipped with Sealtrail' : `Written here, version ${rule.version}`,
    },
    ...(rule.enabledBy !== null && rule.enabledAt !== null
      ? [
          {
            label: rule.isEnabled ? 'Enabled' : 'Disabled',
            value: (
              <>
                by {rule.enabledBy}, <Time at={rule.enabledAt} />
                {rule.outBecause !== null && `: the event lake failed at it: ${rule.outBecause}`}
              </>
            ),
          },
        ]
      : []),
    { label: 'Runs', value: scheduleWords(rule) },
    {
      label: 'Looked last',
      value: rule.lastRunAt ? <Time at={rule.lastRunAt} as="second" /> : notYet(rule),
    },
    ...(rule.watermark ? [{ label: 'Has seen records up to', value: <Time at={rule.watermark} as="second" /> }] : []),
    ...(rule.lag ? [{ label: 'Behind', value: lagWords(rule.lag) }] : []),
    ...(rule.isEnabled
      ? [
          {
            label: 'What was recorded before',
            value: <BackfillControl id={rule.id} backfill={rule.backfill} />,
          },
        ]
      : []),
    ...(rule.runMs === null
      ? []
      : [{ label: 'A run takes', value: `${formatCount(Math.max(1, Math.round(rule.runMs)))} ms on average` }]),
    {
      label: 'False positives',
      value:
        judged.total === 0
          ? 'No finding was judged'
          : `${formatCount(judged.falsePositives)} of ${formatCount(judged.total)} that were judged`,
    },
    ...STATUSES.map((status) => ({
      label: `${STATUS_WORDS[status]} findings`,
      value: (
        <Link className="link" href={`/findings?status=${status}&rule=${rule.id}`}>
          {formatCounted(rule.findings[status])}
        </Link>
      ),
    })),
  ];
  return (
    <dl className="card grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-3 p-4">
      {facts.map(({ label, value }) => (
        <Fact key={label} label={label}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function notYet({ kind }: Pick<RuleDetail, 'kind'>): string {
  return kind === 'chain' ? 'All the time: a worker looks at every chain' : 'Not yet, as it is written now';
}
