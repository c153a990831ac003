import type { Delivery, Destination, NotificationFilter } from '@/lib/schemas/notifications';

export const KIND: Record<Destination['kind'], string> = { webhook: 'Webhook', slack: 'Slack', email: 'Mail' };

export const EVENTS: readonly (readonly [NotificationFilter['events'][number], string])[] = [
  ['finding.new', 'New findings'],
  ['finding.grown', 'Findings that grow'],
  ['verdict.bad', 'Chains that turn bad'],
  ['job.stuck', 'Work that is stuck'],
];

export const MESSAGE: Record<Delivery['kind'], string> = {
  'finding.new': 'New finding',
  'finding.grown': 'Finding grew',
  'findings.many': 'Many findings',
  'verdict.bad': 'Bad verdict',
  'job.stuck': 'Stuck work',
  'report.done': 'Report',
  'report.failed': 'Report not made',
  test: 'Test',
};

export const STATE: Record<Delivery['state'], string> = { waiting: 'Waiting', sent: 'Arrived', failed: 'Given up' };

/** What a destination is told of, in a line. */
export function filterWords({ events, minLevel, ruleIds, chains }: NotificationFilter): string {
  const named = EVENTS.filter(([event]) => events.includes(event)).map(([, label]) => label.toLowerCase());
  const [first = '', ...rest] = named;
  const what = [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ');
  return [
    what,
    ...(minLevel === 'informational' ? [] : [`${minLevel} or worse`]),
    ...(ruleIds.length === 0 ? [] : [`of ${ruleIds.length === 1 ? 'one rule' : `${ruleIds.length} rules`}`]),
    ...(chains.length === 0 ? [] : [`in ${chains.join(', ')}`]),
  ].join('; ');
}
