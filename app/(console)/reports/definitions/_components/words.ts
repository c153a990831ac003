import { formatNoun } from '@/app/_components/format/number';
import type { Schedule } from '@/lib/schemas/report-schedules';
import type { DefinitionPeriod, ReportDefinition, ReportKind, ReportSection } from '@/lib/schemas/report-definitions';

export const SECTION: Record<ReportSection, string> = {
  summary: 'Summary',
  integrity: 'Integrity of the evidence',
  activity: 'What the agents did',
  tools: 'Tools',
  blocked: 'Blocked accesses',
  findings: 'Findings',
  signatures: 'Signatures',
};

export const KIND: Record<ReportKind, string> = {
  governance: 'Governance: what agents did, what was refused, found and signed',
  integrity: 'Integrity: verdicts, problems, heads and statements of each chain',
  controls: 'Control evidence: what answers each control of a framework',
  incident: 'Incident: what was found, by which records, and what people did',
  usage: 'Usage: agents, models, tools, tokens and cost',
};

export const PERIOD: Record<DefinitionPeriod['of'], string> = {
  'last-week': 'The last week, from Monday',
  'last-month': 'The last month',
  'last-quarter': 'The last quarter',
  'last-days': 'So many days before today',
  days: 'From one day to another',
  findings: 'That of its findings',
};

export const RUN_STATE = { waiting: 'being made', done: 'kept', failed: 'failed', cancelled: 'cancelled' } as const;

export function periodText(period: DefinitionPeriod): string {
  switch (period.of) {
    case 'last-week':
      return 'last week';
    case 'last-month':
      return 'last month';
    case 'last-quarter':
      return 'last quarter';
    case 'last-days':
      return `last ${formatNoun(period.days, 'day')}`;
    case 'findings':
      return 'that of its findings';
    case 'days':
      return period.firstDay === period.lastDay ? period.firstDay : `${period.firstDay} to ${period.lastDay}`;
  }
}

/** When a report is made by itself, in a line. */
export function scheduleText(schedule: Schedule): string {
  const { time } = schedule;
  switch (schedule.every) {
    case 'week':
      return `every ${capital(schedule.weekday)} at ${time}`;
    case 'month':
      return `${dayText(schedule.day)} of every month at ${time}`;
    case 'quarter':
      return `${dayText(schedule.day)} of January, April, July and October at ${time}`;
  }
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function dayText(day: number | 'last'): string {
  return day === 'last' ? 'the last day' : `day ${day}`;
}

export function scopeText({ kind, incident, scope: { chains, agents } }: ReportDefinition): string {
  if (incident)
    return 'caseId' in incident
      ? 'an incident, from its case'
      : `an incident, of ${formatNoun(incident.findingIds.length, 'finding')}`;
  return [
    kind === 'governance'
      ? chains.length > 0
        ? `chains ${chains.join(', ')}`
        : 'all chains'
      : `${kind}: ${chains.length > 0 ? `chains ${chains.join(', ')}` : 'all chains'}`,
    ...(agents.length > 0 ? [`agents ${agents.join(', ')}`] : []),
  ].join('; ');
}
